/** What the headers depend on. */
export type HeaderContext = {
  /** Whether people reach Gatehouse over https. */
  isHttps: boolean;
  /** The nonce of this answer's scripts; without one, no script may run, except Next's own in development. */
  nonce?: string;
  /** Whether this is Next's development server, which evaluates code, and shows errors on a page that has no nonce. */
  isDev?: boolean;
  /** Whether the page's URL holds a secret; such a page sends no Referer. */
  isLinkPage?: boolean;
};

const ONE_YEAR_SECONDS = 31_536_000;

/** Returns the security headers of an answer (ASVS 5.0, 3.4), which restrict what a browser may do with it. */
export function securityHeaders({
  isHttps,
  nonce,
  isDev,
  isLinkPage,
}: HeaderContext): Record<string, string> {
  const script = nonce
    ? `'self' 'nonce-${nonce}' 'strict-dynamic'`
    : isDev
      ? "'self' 'unsafe-inline'"
      : "'none'";
  const policy = [
    "default-src 'self'",
    `script-src ${script}${isDev ? " 'unsafe-eval'" : ""}`,
    `style-src 'self'${isDev ? " 'unsafe-inline'" : nonce ? ` 'nonce-${nonce}'` : ""}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isDev ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": isLinkPage ? "no-referrer" : "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(isHttps && { "Strict-Transport-Security": `max-age=${ONE_YEAR_SECONDS}; includeSubDomains` }),
  };
}
