import { expect, it } from "vitest";
import { shownSession } from "./shown-session";

const session = {
  id: "",
  userId: "",
  email: "ada@example.org",
  firstName: "",
  lastName: "",
  keyFingerprint: "",
  isKeyCurrent: true,
  address: "203.0.113.7",
  createdAt: new Date("2026-03-01T12:00:00Z"),
  lastSeenAt: new Date("2026-03-02T09:30:00Z"),
  isCurrent: false,
};

it.each([
  ["BROWSER", "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"],
  ["BROWSER", "", "Unknown browser"],
  ["BROWSER", "node", "Unknown program"],
  ["REST", "curl/8.5.0", "Program, curl"],
  ["REST", "node", "Program"],
  ["REST", "", "Program"],
  ["MOBILE", "okhttp/4.12.0", "Mobile app, okhttp"],
  ["MOBILE", "node", "Mobile app"],
] as const)("a %s that says %j is named", (kind, userAgent, device) => {
  expect(shownSession({ ...session, kind, userAgent })).toMatchObject({
    device,
    startedAt: "2026-03-01T12:00:00.000Z",
    lastSeenAt: "2026-03-02T09:30:00.000Z",
  });
});
