const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Returns whether a Host header names Gatehouse: BASE_URL's host, or, if that is a loopback name, any loopback name
 * with its port. Another name that resolves to this machine may be a DNS rebinding attack.
 */
export function isOwnHost(host: string | null | undefined, baseUrl: string): boolean {
  const base = new URL(baseUrl);
  if (!host || !URL.canParse(`${base.protocol}//${host}`)) return false;
  const named = new URL(`${base.protocol}//${host}`);
  if (named.host === base.host) return true;
  return LOOPBACK.has(base.hostname) && LOOPBACK.has(named.hostname) && named.port === base.port;
}

/**
 * Returns whether a request that changes something comes from our own pages. Browsers state this in Sec-Fetch-Site,
 * which no page can forge. If they do not send it (plain http on a network), Origin must be present and be ours.
 */
export function isSameOrigin(headers: Pick<Headers, "get">, baseUrl: string): boolean {
  const host = headers.get("host");
  if (!isOwnHost(host, baseUrl)) return false;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  // A page without a referrer posts its forms with the Origin "null"; then only Sec-Fetch-Site proves the origin.
  if (origin === null || origin === "null") return site === "same-origin";
  return origin === `${new URL(baseUrl).protocol}//${host}`;
}
