import { expect } from "@playwright/test";
import { failedChecks } from "./checks";
import type { Got } from "./client";

const DIRECTIVES = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];
const SCRIPTS = /^script-src (?:'none'|'self' 'nonce-[\w+/]{22}==' 'strict-dynamic')$/;

/** The security headers, required of every answer, that this one lacks or has wrong (ASVS 5.0, 3.4). */
export function weaknesses({ headers }: Got): string[] {
  const policy = headers["content-security-policy"] ?? "";
  const directives = policy.split("; ");
  const headerMatches = (name: string, pattern: RegExp) => pattern.test(headers[name] ?? "");
  return failedChecks({
    ...Object.fromEntries(DIRECTIVES.map((directive) => [directive, directives.includes(directive)])),
    "scripts of this page alone": SCRIPTS.test(directives.find((one) => one.startsWith("script-src ")) ?? ""),
    "nothing from elsewhere, nor in line": !/unsafe|\*|https?:/.test(policy),
    "x-content-type-options": headerMatches("x-content-type-options", /^nosniff$/),
    "cross-origin-opener-policy": headerMatches("cross-origin-opener-policy", /^same-origin$/),
    "permissions-policy": headerMatches("permissions-policy", /camera=\(\)/),
    "referrer-policy": headerMatches("referrer-policy", /^(?:same-origin|no-referrer)$/),
    "x-request-id": headerMatches("x-request-id", /^[\da-f-]{36}$/),
    "no x-powered-by": !("x-powered-by" in headers),
  });
}

/** Expects that an answer has them all. */
export function expectSecure(answer: Got, name: string): void {
  expect(weaknesses(answer), `${name}: ${JSON.stringify(answer.headers)}`).toEqual([]);
}
