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

/** Returns whether a page of another site, or a link on one, caused a request; false if the browser does not tell. */
export function isFromAnotherSite(headers: Pick<Headers, "get">): boolean {
  const site = headers.get("sec-fetch-site");
  return site !== null && site !== "same-origin" && site !== "none";
}

/**
 * Returns whether a request that changes something comes from our own pages. Browsers state this in Sec-Fetch-Site,
 * which no page can forge. If they do not send it (plain http on a network), Origin must be present and be ours.
 */
export function isSameOrigin(headers: Pick<Headers, "get">, baseUrl: string): boolean {
  const host = headers.get("host");
  if (!isOwnHost(host, baseUrl) || isFromAnotherSite(headers)) return false;
  const origin = headers.get("origin");
  // A page without a referrer posts its forms with the Origin "null"; then only Sec-Fetch-Site proves the origin.
  if (origin === null || origin === "null") return headers.get("sec-fetch-site") === "same-origin";
  return origin === `${new URL(baseUrl).protocol}//${host}`;
}
