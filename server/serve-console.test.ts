import { expect, it } from "vitest";
import { innerOrigin } from "./serve-console";

it.each([
  ["127.0.0.1", "http://127.0.0.1:3000"],
  ["0.0.0.0", "http://127.0.0.1:3000"],
  ["::", "http://[::1]:3000"],
  ["fd00::7", "http://[fd00::7]:3000"],
  ["gate.internal", "http://gate.internal:3000"],
])("of a server that listens at %s Next asks at %s", (hostname, expected) => {
  expect(innerOrigin(hostname, 3000)).toBe(expected);
});
