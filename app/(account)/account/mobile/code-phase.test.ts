import { expect, it } from "vitest";
import { codePhase, mayStillChange, type StoredCode } from "./code-phase";
import type { ShownCode } from "./mobile-state";

const at = (second: number) => `2026-03-01T12:00:0${second}.000Z`;
const shown = (second: number): ShownCode => ({
  secret: "s",
  link: "l",
  qr: { size: 1, path: "" },
  createdAt: at(second),
  expiresAt: at(9),
  remainingMs: 1,
});
const stored = (second: number, more: Partial<StoredCode> = {}): StoredCode => ({
  createdAt: at(second),
  expiresAt: at(9),
  isUsed: false,
  isOpen: true,
  ...more,
});

it.each([
  ["nothing yet", null, null, false, "none"],
  ["an older code that has ended", null, stored(1, { isOpen: false }), false, "none"],
  ["an open code of another page", null, stored(1), false, "elsewhere"],
  ["a fresh one", shown(1), null, false, "open"],
  ["a fresh one, before the server says so", shown(2), stored(1, { isUsed: true }), false, "open"],
  ["one that the server knows", shown(1), stored(1), false, "open"],
  ["one whose time is over", shown(1), stored(1), true, "expired"],
  ["one that ended while the device slept", shown(1), stored(1, { isOpen: false }), false, "expired"],
  ["one that was used", shown(1), stored(1, { isUsed: true }), false, "used"],
  ["one that was used in time", shown(1), stored(1, { isUsed: true }), true, "used"],
  ["one that another page replaced", shown(1), stored(2), false, "replaced"],
  ["one that was replaced, later", shown(1), stored(2), true, "replaced"],
] as const)("says of %s", (_what, code, known, isOver, phase) => {
  expect(codePhase(code, known, isOver)).toBe(phase);
});

it.each([
  ["nothing yet", "none", null, null, false],
  ["a fresh code", "open", shown(1), null, true],
  ["one whose time is over, before the server was asked again", "expired", shown(1), stored(1), true],
  ["one whose time is over, of which the server knows nothing", "expired", shown(2), null, true],
  [
    "one whose time is over, where the server knows only an earlier one that has ended",
    "expired",
    shown(2),
    stored(1, { isOpen: false }),
    true,
  ],
  ["one whose time is over, as the server says", "expired", shown(1), stored(1, { isOpen: false }), false],
  ["one that was used", "used", shown(1), stored(1, { isUsed: true, isOpen: false }), false],
  ["one that was replaced", "replaced", shown(1), stored(2), false],
] as const)("waits for news of %s: %s", (_what, phase, code, known, waits) => {
  expect(mayStillChange(phase, code, known)).toBe(waits);
});
