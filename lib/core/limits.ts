/** How far the clocks of two servers on one database may differ, in milliseconds. */
export const MAX_CLOCK_SKEW_MS = 60_000;

/** The longest user agent that is stored, in UTF-16 units; enough to tell browsers apart. The rest is cut off. */
export const MAX_USER_AGENT_LENGTH = 256;

/** The longest password that any policy allows, in code points. */
export const MAX_PASSWORD_LENGTH = 256;

/**
 * An upper bound of every password's length, in UTF-16 units: 256 code points, each of which NFC composes from at most
 * four code points of at most two units. A longer input cannot match any password, so it is neither normalised nor
 * hashed; normalising tens of thousands of combining marks takes seconds.
 */
export const MAX_PASSWORD_UNITS = 2_048;

/** Returns the longest password that the policy allows, in code points. */
export function effectiveMaximumLength(policy: { maximumLength: number | null }): number {
  return policy.maximumLength ?? MAX_PASSWORD_LENGTH;
}

/**
 * The largest body of a REST call or a form, in bytes; many times what any client or page sends. An incomplete body is
 * held in memory for up to 30 seconds, and anyone may open any number of connections, so this limit bounds the server's
 * memory use.
 */
export const MAX_BODY_BYTES = 65_536;

/** The longest first or last name, in UTF-16 units. */
export const MAX_NAME_LENGTH = 100;

/** The longest search text for people, in UTF-16 units. */
export const MAX_PERSON_SEARCH_LENGTH = 100;
