import { describe, expect, it } from "vitest";
import { loginObstacle, userState } from "./rules";

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
  resetDemand: { code: "reset-required", since: BEFORE, mail: "waiting" },
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
      { ...none, resetDemand: { code: "reset-required", since: BEFORE, mail: "waiting" } },
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
