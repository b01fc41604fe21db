import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_EMAIL_LENGTH } from "@/lib/core/email/rules";
import { decodeUsersCursor, encodeUsersCursor, type UsersCursor } from "./cursor";
import { userSorts, usersQuerySchema } from "./schema";

const instant = fc
  .date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString());
const cursor: fc.Arbitrary<UsersCursor> = fc.oneof(
  fc.record({ sort: fc.constant("email" as const), value: fc.emailAddress(), id: fc.uuid() }),
  fc.record({ sort: fc.constant("newest" as const), value: instant, id: fc.uuid() }),
  fc.record({
    sort: fc.constantFrom("last-login" as const, "oldest-login" as const),
    value: fc.option(instant),
    id: fc.uuid(),
  }),
);

describe("a cursor", () => {
  const id = "018f0000-0000-7000-8000-000000000000";

  it("comes back as it was, in its own order only", () => {
    fc.assert(
      fc.property(cursor, (written) => {
        const text = encodeUsersCursor(written);
        for (const sort of userSorts) {
          expect(decodeUsersCursor(text, sort)).toEqual(sort === written.sort ? written : null);
        }
      }),
    );
  });

  it("fits into the list's query, however long its address", () => {
    const longest = `${"+".repeat(MAX_EMAIL_LENGTH - 14)}a@example.org`;
    const after = encodeUsersCursor({ sort: "email", value: longest, id });
    expect(usersQuerySchema.parse({ after }).after).toBe(after);
  });

  it("is nothing when it is anything else", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...userSorts), (text, sort) => {
        expect(decodeUsersCursor(text, sort)).toBeNull();
      }),
    );
  });

  const encode = (value: unknown) => btoa(encodeURIComponent(JSON.stringify(value)));
  it.each([
    ["a NUL in an address", ["email", "a\0b", id]],
    ["no address", ["email", null, id]],
    ["an endless address", ["email", "x".repeat(255), id]],
    ["a day that there is not", ["newest", "2026-02-30T00:00:00.000Z", id]],
    ["a year that PostgreSQL has not", ["newest", "0000-01-01T00:00:00.000Z", id]],
    [
      "more digits of a second than PostgreSQL reads",
      ["newest", `2026-01-01T00:00:00.${"1".repeat(150)}Z`, id],
    ],
    ["no instant", ["newest", null, id]],
    ["a word in place of an instant", ["last-login", "infinity", id]],
    ["a number in its place", ["last-login", 1, id]],
    ["an id that is none", ["last-login", null, "' OR 1=1 --"]],
    ["one part too many", ["last-login", null, id, 1]],
    ["an object", { sort: "email" }],
  ])("is nothing with %s", (_name, value) => {
    for (const sort of userSorts) expect(decodeUsersCursor(encode(value), sort)).toBeNull();
  });
});
