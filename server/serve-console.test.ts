import { expect, it } from "vitest";
import { innerOrigin } from "./serve-console";

it.each([
  ["127.0.0.1", true, "http://127.0.0.1:3000"],
  ["0.0.0.0", true, "http://127.0.0.1:3000"],
  ["::", true, "http://[::1]:3000"],
  ["fd00::7", true, "http://[fd00::7]:3000"],
  ["gate.internal", true, "http://gate.internal:3000"],
  ["0.0.0.0", false, undefined],
])("listening at %s, behind a proxy or not (%s), Next asks itself at %s", (hostname, isProxied, expected) => {
  expect(innerOrigin({ hostname, port: 3000, isProxied })).toBe(expected);
});
