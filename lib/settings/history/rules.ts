import type { Revision } from "./schema";

/** A setting's value, as JSON holds it. */
type Value = string | number | boolean | null;

/** Returns the name of a version, for an address: "general.7". */
export const revisionName = ({ panel, version }: Pick<Revision, "panel" | "version">) =>
  `${panel}.${version}`;

/** Returns a version's settings by name, with the signing key as its fingerprint. */
function settingsOf({ panel, values, keyFingerprint }: Revision): Record<string, Value> {
  return panel === "jwt" ? { ...values, tokenSigningKey: keyFingerprint } : { ...values };
}

/** Returns every setting of two versions of a panel, side by side. */
export function settingPairs(from: Revision, to: Revision): Record<string, { from: Value; to: Value }> {
  const before = settingsOf(from);
  const pairs = Object.entries(settingsOf(to)).map(([key, value]) => {
    return [key, { from: before[key] ?? null, to: value }];
  });
  return Object.fromEntries(pairs);
}

/**
 * Returns the settings that differ between two versions of a panel, without those that are damaged in one of them:
 * nobody knows their values.
 */
export function changesBetween(from: Revision, to: Revision): Record<string, { from: Value; to: Value }> {
  const damaged = [...from.damaged, ...to.damaged];
  const changes = Object.entries(settingPairs(from, to)).filter(([key, change]) => {
    return change.from !== change.to && !damaged.includes(key);
  });
  return Object.fromEntries(changes);
}

/**
 * Returns the values that restoring a version changes. It does not restore the signing key, which is not among the
 * values, nor a field that is damaged in that version.
 */
export function restorableValues(revision: Revision, inForce: Revision): Record<string, Value> {
  const now: Readonly<Record<string, Value>> = inForce.values;
  const values = Object.entries<Value>(revision.values).filter(([key, value]) => {
    return value !== now[key] && !revision.damaged.includes(key);
  });
  return Object.fromEntries(values);
}
