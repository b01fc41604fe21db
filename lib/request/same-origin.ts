const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a Host header is one that Gatehouse is reached by: BASE_URL's, or, when that is this machine, this machine by
 * any of its names. Another name that resolves here is somebody's attempt at DNS rebinding.
 */
export function isOwnHost(host: string | null | undefined, baseUrl: string): boolean {
  const base = new URL(baseUrl);
  if (!host || !URL.canParse(`${base.protocol}//${host}`)) return false;
  const named = new URL(`${base.protocol}//${host}`);
  if (named.host === base.host) return true;
  return LOOPBACK.has(base.hostname) && LOOPBACK.has(named.hostname) && named.port === base.port;
}

/**
 * Whether a request that changes something comes from our own pages. Browsers say so themselves in Sec-Fetch-Site,
 * which no page can forge; where they do not send it (plain http on a network), Origin must be there and ours.
 */
export function isSameOrigin(headers: Pick<Headers, "get">, baseUrl: string): boolean {
  const host = headers.get("host");
  if (!isOwnHost(host, baseUrl)) return false;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  // A form on a page without a referrer is posted with "null"; only the browser's own word then proves the origin.
  if (origin === null || origin === "null") return site === "same-origin";
  return origin === `${new URL(baseUrl).protocol}//${host}`;
}
