import { expect, it } from "vitest";
import { MOBILE_SECRET_LIFETIME_MS, type SecretFacts, secretRefusal } from "./rules";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (ms: number) => new Date(NOW.getTime() + ms);
const open: SecretFacts = {
  createdAt: at(-60_000),
  expiresAt: at(MOBILE_SECRET_LIFETIME_MS - 60_000),
  usedAt: null,
  state: "ACTIVE",
  passwordSetAt: at(-90_000),
  passwordExpiresAt: null,
  confirmedAt: at(-80_000),
};

it("lives two minutes", () => {
  expect(MOBILE_SECRET_LIFETIME_MS).toBe(120_000);
});

it.each<[string, Partial<SecretFacts>, string | null]>([
  ["an open secret", {}, null],
  ["its last millisecond", { expiresAt: at(1) }, null],
  ["its end", { expiresAt: NOW }, "secret-expired"],
  ["a used one", { usedAt: at(-1) }, "secret-used"],
  ["a used one that has expired", { usedAt: at(-1), expiresAt: at(-1) }, "secret-used"],
  ["a disabled account's", { state: "DISABLED", confirmedAt: null }, "disabled"],
  ["a disabled account's that has expired", { state: "DISABLED", expiresAt: NOW }, "secret-expired"],
  ["a disabled account's without a password", { state: "DISABLED", passwordSetAt: null }, "disabled"],
  ["an account's that is invited anew", { state: "INVITED", confirmedAt: null }, "disabled"],
  ["one from before a new password", { passwordSetAt: at(-59_999), confirmedAt: null }, "password-changed"],
  [
    "one from before a new password, after which the session goes on",
    { passwordSetAt: at(1) },
    "password-changed",
  ],
  ["one as new as the password, by a clock that is ahead", { passwordSetAt: at(0) }, null],
  ["one whose password was set before the clock was set back", { passwordSetAt: at(60_001) }, null],
  ["one as old as the password", { passwordSetAt: at(-60_000) }, null],
  ["one of an account without a password", { passwordSetAt: null }, "password-changed"],
  ["one whose session has ended", { confirmedAt: null }, "session-ended"],
  ["one whose password has expired since", { passwordExpiresAt: at(-1) }, "password-expired"],
  [
    "one whose session has ended, and whose password has expired",
    { confirmedAt: null, passwordExpiresAt: at(-1) },
    "session-ended",
  ],
  ["one whose password expires now", { passwordExpiresAt: NOW }, null],
])("says of %s", (_what, facts, refusal) => {
  expect(secretRefusal({ ...open, ...facts }, NOW)).toBe(refusal);
});
