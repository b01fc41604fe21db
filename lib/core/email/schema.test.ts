import { describe, expect, it } from "vitest";
import { emailSchema } from "./schema";

describe("an e-mail address", () => {
  it.each([
    "a@example.org",
    "first.last+tag@sub.example.org",
    "first+tag.last+@example.org",
    "r&d@example.org",
    "user@xn--e1afmkfd.xn--p1ai",
    `${"a".repeat(64)}@example.org`,
  ])("takes %s", (address) => {
    expect(emailSchema.safeParse(address).success).toBe(true);
  });

  it("is refused for an invisible character with its name", () => {
    expect(emailSchema.safeParse("a@example.org\u200b").error?.issues[0]?.message).toBe(
      "Enter one e-mail address, like ops@example.org. This one has the invisible character \\u{200B}.",
    );
  });

  it.each([
    "",
    "a",
    "a@b",
    "a@example.org,b@example.org",
    "A <a@example.org>",
    "a@example.org\r\nBcc: b@example.org",
    "a@example.org\n",
    " a@example.org",
    "a\0@example.org",
    "mıke＠example.org",
    `${"a".repeat(250)}@example.org`,
    `${"a.".repeat(5_000)}@`,
  ])("refuses %j", (address) => {
    const before = process.cpuUsage();
    expect(emailSchema.safeParse(address).success).toBe(false);
    expect(process.cpuUsage(before).user).toBeLessThan(100_000);
  });
});
