import { expect, it, vi } from "vitest";
import { MAX_NAME_LENGTH } from "./rules";
import { profileSchema } from "./schema";

const fits = (firstName: unknown) => profileSchema.safeParse({ firstName, lastName: "" }).success;

it.each([
  "",
  "Ada",
  "Ada Mae",
  "Nguyễn",
  "李",
  "O’Brien",
  "<b>Ada</b>",
  "عائشة",
  "👩‍💻",
  "x".repeat(MAX_NAME_LENGTH),
])("%j is a name", (name) => {
  expect(fits(name)).toBe(true);
});

it.each([
  "A\r\nBcc: eve@example.com",
  "A\0",
  "A\tB",
  "A\u2028B",
  "A\u2029B",
  "A\u202eB",
  "A\u2066B",
  "\ud83d",
  "\u200b\u3164",
  "x".repeat(101),
  7,
  null,
  ["A"],
])("%j is none", (name) => {
  expect(fits(name)).toBe(false);
});

it("is refused for its length alone when it is too long, however hard it is to normalise", () => {
  const normalize = vi.spyOn(String.prototype, "normalize");
  const { error } = profileSchema.safeParse({
    firstName: "a\u0301\u0323".repeat(1_000),
    lastName: "x\u202e".repeat(999),
  });
  expect(normalize).not.toHaveBeenCalled();
  normalize.mockRestore();
  expect(error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
    ["firstName", "First name must have at most 100 characters."],
    ["lastName", "Last name must have at most 100 characters."],
  ]);
});

it("leaves no blanks around a name, and knows no other field", () => {
  const parsed = profileSchema.parse({ firstName: "  Ada ", lastName: "L", authority: "SYS_ADMIN" });
  expect(parsed).toEqual({ firstName: "Ada", lastName: "L" });
});

it("is as long as its composed form, which is what is kept", () => {
  // NFC turns this one character into three.
  expect(fits("\ufb2c".repeat(MAX_NAME_LENGTH))).toBe(false);
  // NFC composes these four characters into one, and no more than four.
  expect(fits("\u03b1\u0313\u0300\u0345".repeat(MAX_NAME_LENGTH))).toBe(true);
});
