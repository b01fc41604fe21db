import { expect, it } from "vitest";
import { securityHeaders } from "./security-headers";

/** The sources of each directive of a policy, by its name. */
const readPolicy = (headers: Record<string, string>) =>
  Object.fromEntries(
    (headers["Content-Security-Policy"] ?? "").split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );

const restricted = {
  "default-src": "'self'",
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "object-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'self'",
  "frame-ancestors": "'none'",
};

it.each([
  ["a page", { nonce: "n" }, "'self' 'nonce-n' 'strict-dynamic'", "'self' 'nonce-n'"],
  ["any other answer", {}, "'none'", "'self'"],
])(
  "%s loads nothing from elsewhere, sends nothing there, and runs none but its own code",
  (_what, of, ...own) => {
    const [script, style] = own;
    expect(readPolicy(securityHeaders({ isHttps: true, ...of }))).toEqual({
      ...restricted,
      "script-src": script,
      "style-src": style,
    });
  },
);
