import { expect } from "@playwright/test";
import type { Got } from "./client";

const DIRECTIVES = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

/** Holds an answer to what every answer must have (ASVS 5.0, 3.4). */
export function expectSecure({ headers }: Got, name: string): void {
  const policy = headers["content-security-policy"] ?? "";
  const directives = policy.split("; ");
  for (const directive of DIRECTIVES) expect(directives, name).toContain(directive);
  expect(
    directives.find((one) => one.startsWith("script-src ")),
    name,
  ).toMatch(/^script-src (?:'none'|'self' 'nonce-[\w+/]{22}==' 'strict-dynamic')$/);
  expect(policy, name).not.toMatch(/unsafe|\*|https?:/);
  expect(headers, name).toMatchObject({
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": expect.stringContaining("camera=()"),
    "referrer-policy": expect.stringMatching(/^(?:same-origin|no-referrer)$/),
    "x-request-id": expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(headers, name).not.toHaveProperty("x-powered-by");
}
