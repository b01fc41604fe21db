import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_EMAIL_LENGTH } from "@/lib/core/email/rules";
import { decodeUsersCursor, encodeUsersCursor, loginObstacle, type UsersCursor, userState } from "./rules";
import { userSorts, usersQuerySchema } from "./schema";

const NOW = new Date("2026-03-01T12:00:00Z");
const BEFORE = new Date("2026-03-01T11:00:00Z");
const AFTER = new Date("2026-03-01T13:00:00Z");

type Account = Parameters<typeof loginObstacle>[0];
type Facts = Parameters<typeof loginObstacle>[1];

const active: Account = { state: "ACTIVE", lockedAt: null, lockedUntil: null };
const none: Facts = { passwordExpiresAt: null, activationLink: null, resetDemand: null };
const all: Facts = {
  passwordExpiresAt: BEFORE,
  activationLink: { expiresAt: AFTER, mail: "failed" },
  resetDemand: { at: BEFORE, mail: "waiting" },
};
const lockedForGood: Account = { ...active, lockedAt: BEFORE };

describe("loginObstacle", () => {
  it.each<[string, Account, Facts, ReturnType<typeof loginObstacle>]>([
    ["nothing", active, none, null],
    [
      "invited, with a link",
      { ...active, state: "INVITED" },
      all,
      { code: "invited", linkExpiresAt: AFTER, mail: "failed" },
    ],
    [
      "invited, without one",
      { ...active, state: "INVITED" },
      none,
      { code: "invited", linkExpiresAt: null, mail: null },
    ],
    ["disabled before locked", { ...lockedForGood, state: "DISABLED" }, all, { code: "disabled" }],
    ["locked for good", lockedForGood, all, { code: "locked", since: BEFORE, until: null }],
    [
      "locked for a time",
      { ...lockedForGood, lockedUntil: AFTER },
      none,
      { code: "locked", since: BEFORE, until: AFTER },
    ],
    ["a lock that is over", { ...lockedForGood, lockedUntil: NOW }, none, null],
    ["expired before unfit", active, all, { code: "password-expired", since: BEFORE }],
    ["a password in its last instant", active, { ...none, passwordExpiresAt: NOW }, null],
    ["a password that expires later", active, { ...none, passwordExpiresAt: AFTER }, null],
    [
      "a demanded reset",
      active,
      { ...none, resetDemand: { at: BEFORE, mail: "waiting" } },
      { code: "reset-required", since: BEFORE, mail: "waiting" },
    ],
  ])("%s", (_name, account, facts, obstacle) => {
    expect(loginObstacle(account, facts, NOW)).toEqual(obstacle);
  });
});

describe("userState", () => {
  it.each([
    ["invited", { ...lockedForGood, state: "INVITED" }],
    ["disabled", { ...lockedForGood, state: "DISABLED" }],
    ["locked", lockedForGood],
    ["locked", { ...lockedForGood, lockedUntil: AFTER }],
    ["active", { ...lockedForGood, lockedUntil: NOW }],
    ["active", active],
  ] as [string, Account][])("%s", (state, account) => {
    expect(userState(account, NOW)).toBe(state);
  });
});

const instant = fc
  .date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString());
const cursor: fc.Arbitrary<UsersCursor> = fc.oneof(
  fc.record({ sort: fc.constant("email" as const), value: fc.emailAddress(), id: fc.uuid() }),
  fc.record({ sort: fc.constant("newest" as const), value: instant, id: fc.uuid() }),
  fc.record({
    sort: fc.constant("last-login" as const),
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
    ["a day that there is not", ["newest", "2026-02-30T00:00:00Z", id]],
    ["a year that PostgreSQL has not", ["newest", "0000-01-01T00:00:00Z", id]],
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
