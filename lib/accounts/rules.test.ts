import { describe, expect, it } from "vitest";
import { emailKey, isLocked, maskEmail } from "./rules";

describe("maskEmail", () => {
  it.each([
    ["jane.doe@example.org", "j•••@example.org"],
    ["j@example.org", "j•••@example.org"],
    ["😀x@example.org", "😀•••@example.org"],
    ['"a@b"@example.org', '"•••@example.org'],
  ])("%s becomes %s", (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});

describe("emailKey", () => {
  it("is the same for every casing and composition of an address, and for no other", () => {
    expect(emailKey("ADA.LINDI@Example.ORG")).toBe("ada.lindi@example.org");
    expect(emailKey("ré@example.org")).toBe(emailKey("re\u0301@example.org"));
    expect(emailKey("mıke@example.org")).not.toBe(emailKey("mike@example.org"));
    expect(emailKey("ada＠example.org")).not.toBe(emailKey("ada@example.org"));
  });
});

describe("isLocked", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  it.each([
    [null, null, false],
    [now, null, true],
    [now, new Date(now.getTime() + 1), true],
    [now, now, false],
  ])("since %s until %s is %s", (lockedAt, lockedUntil, locked) => {
    expect(isLocked({ lockedAt, lockedUntil }, now)).toBe(locked);
  });
});
