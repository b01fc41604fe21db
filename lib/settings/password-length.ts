// Apart from the schemas, so that the pages on which passwords are chosen need not load zod.

/** The longest password that any policy admits, in code points. */
export const MAX_PASSWORD_LENGTH = 256;

/** The longest password the policy admits, in code points. */
export function effectiveMaximumLength(policy: { maximumLength: number | null }): number {
  return policy.maximumLength ?? MAX_PASSWORD_LENGTH;
}
