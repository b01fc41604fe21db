/** The token that the page calls with, and what can be shown of it without revealing it. */
export type HeldToken = {
  token: string;
  refreshToken: string | null;
  /** Its last characters, to tell two tokens apart. */
  ending: string;
  person: string | null;
  authority: string | null;
  /** ISO 8601. */
  expiresAt: string | null;
};

const SHAPE = /^[\w-]+\.([\w-]+)\.[\w-]+$/;
const SHOWN = 6;
const MAX_SECONDS = 8_640_000_000_000;

function claimsIn(payload: string): Record<string, unknown> {
  try {
    const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const claims: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0))),
    );
    return typeof claims === "object" && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}

/**
 * Reads an access token, with or without `Bearer` before it. Does not verify it; that is the server's job.
 * @returns null if the text is not a token, or is a refresh token
 */
export function readToken(text: string, refreshToken: string | null = null): HeldToken | null {
  const token = text.trim().replace(/^bearer\s+/i, "");
  const payload = SHAPE.exec(token)?.[1];
  if (payload === undefined) return null;
  const { sub, scopes, exp } = claimsIn(payload);
  const [scope]: unknown[] = Array.isArray(scopes) ? scopes : [];
  if (scope === "REFRESH_TOKEN") return null;
  const isTime = typeof exp === "number" && Math.abs(exp) <= MAX_SECONDS;
  return {
    token,
    refreshToken,
    ending: token.slice(-SHOWN),
    person: typeof sub === "string" ? sub : null,
    authority: typeof scope === "string" ? scope : null,
    expiresAt: isTime ? new Date(exp * 1_000).toISOString() : null,
  };
}
