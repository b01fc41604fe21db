import { expect, it } from "vitest";
import { deleteUserSchema, editUserSchema } from "./schema";

const userId = "00000000-0000-4000-8000-000000000001";
const seen = { email: "ada@example.org", firstName: "", lastName: "" };
const edit = { userId, email: "ada@example.org", firstName: "", lastName: "", seen };
const email = (length: number) => `${"a".repeat(length - 12)}@example.org`;

it.each([
  ["the longest address", { email: email(254) }, true],
  ["a longer one", { email: email(255) }, false],
  ["the longest name", { firstName: "é".repeat(100) }, true],
  ["a longer one", { firstName: "é".repeat(101) }, false],
  [
    "the longest values that the form was loaded with",
    { seen: { email: email(254), firstName: "a".repeat(100), lastName: "a".repeat(100) } },
    true,
  ],
  ["a longer address among them", { seen: { ...seen, email: email(255) } }, false],
  ["a longer first name among them", { seen: { ...seen, firstName: "a".repeat(101) } }, false],
  ["a longer last name among them", { seen: { ...seen, lastName: "a".repeat(101) } }, false],
  ["no number of an account", { userId: "1" }, false],
])("an account is edited with %s: %o", (_what, change, fits) => {
  expect(editUserSchema.safeParse({ ...edit, ...change }).success).toBe(fits);
});

it("an account is deleted by an address that an account can have", () => {
  expect(deleteUserSchema.safeParse({ userId, email: email(254) }).success).toBe(true);
  expect(deleteUserSchema.safeParse({ userId, email: email(255) }).success).toBe(false);
});
