/** Longest address that SMTP can carry (RFC 5321, 4.5.3.1.3, less the angle brackets). */
export const MAX_EMAIL_LENGTH = 254;

/** How far the clocks of two servers on one database may differ, in milliseconds. */
export const MAX_CLOCK_SKEW_MS = 60_000;

/** How much of a user agent is kept: enough to tell browsers apart. */
export const MAX_USER_AGENT_LENGTH = 256;

/** The longest password that any policy admits, in code points. */
export const MAX_PASSWORD_LENGTH = 256;

/**
 * No password that can have been set is longer than this in UTF-16 units: 256 code points, each of which NFC composes from
 * at most four, of at most two units each. What is longer need not be hashed, nor normalised, which takes seconds for
 * tens of thousands of combining marks.
 */
export const MAX_PASSWORD_UNITS = 2_048;

/** The longest password the policy admits, in code points. */
export function effectiveMaximumLength(policy: { maximumLength: number | null }): number {
  return policy.maximumLength ?? MAX_PASSWORD_LENGTH;
}

/**
 * The largest body of a call or a form, in bytes; many times what any program or page sends. Bodies that do not come to
 * their end are held for half a minute, from anybody and on any number of connections: this is the server's memory.
 */
export const MAX_BODY_BYTES = 65_536;

/** The longest first or last name. */
export const MAX_NAME_LENGTH = 100;

/** The longest part of an address or a name that people are looked for by. */
export const MAX_PERSON_SEARCH_LENGTH = 100;
