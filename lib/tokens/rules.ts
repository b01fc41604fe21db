/** Who ends a key's time before it is over. */
const retirers = ["administrator", "sign-out"] as const;
export type Retirer = (typeof retirers)[number];

/** What has become of a key. Nothing runs for it to change: the clock alone makes a verifying key a retired one. */
export type KeyState =
  | { state: "current" }
  | { state: "verifying"; until: Date }
  | { state: "retired"; at: Date; by: Retirer | "time" };

type KeyTimes = { verifyUntil: Date | null; retiredBy: string | null };

/** Whether a key signs, still verifies what it signed, or does neither. */
export function keyState({ verifyUntil, retiredBy }: KeyTimes, now: Date): KeyState {
  if (verifyUntil === null) return { state: "current" };
  const by = retirers.find((one) => one === retiredBy) ?? "time";
  // What somebody has refused is so at once, also by a clock that has not come to the moment when they did.
  if (by === "time" && verifyUntil > now) return { state: "verifying", until: verifyUntil };
  return { state: "retired", at: verifyUntil, by };
}

/** What a key is sealed as, so that none can be put in another's place. */
export const sealedFor = (kid: string) => `signing-key:${kid}`;
