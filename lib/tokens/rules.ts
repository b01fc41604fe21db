/**
 * What retires a verifying key early: an administrator who refuses that key, or a key change that signs everyone out.
 */
const retirers = ["administrator", "sign-out"] as const;
export type Retirer = (typeof retirers)[number];

/** The state of a key. No job changes it: a verifying key is retired once the clock passes its `verifyUntil`. */
export type KeyState =
  | { state: "current" }
  | { state: "verifying"; until: Date }
  | { state: "retired"; at: Date; by: Retirer | "time" };

type KeyTimes = { verifyUntil: Date | null; retiredBy: string | null };

/** Returns whether a key signs ("current"), only verifies what it signed, or does neither ("retired"). */
export function keyState({ verifyUntil, retiredBy }: KeyTimes, now: Date): KeyState {
  if (verifyUntil === null) return { state: "current" };
  const by = retirers.find((one) => one === retiredBy) ?? "time";
  // A key that was retired early is so at once, also on a server whose clock is still behind `verifyUntil`.
  if (by === "time" && verifyUntil > now) return { state: "verifying", until: verifyUntil };
  return { state: "retired", at: verifyUntil, by };
}

/** Returns the context that binds a sealed key to its row, so that it cannot be moved to another key's row. */
export const sealedFor = (kid: string) => `signing-key:${kid}`;
