/** The longest password that any policy allows, in code points. */
export const MAX_PASSWORD_LENGTH = 256;

/** Returns the longest password that the policy allows, in code points. */
export function effectiveMaximumLength(policy: { maximumLength: number | null }): number {
  return policy.maximumLength ?? MAX_PASSWORD_LENGTH;
}
