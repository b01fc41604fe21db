import { expect, test } from "@playwright/test";
import { listen } from "./fixtures/quiet";

// Nothing listens on port 9 of the loopback.
const noises: readonly (readonly [what: string, script: string, reports: RegExp])[] = [
  ["an error on the console", "console.error('out of order')", /^console error: out of order/],
  ["a warning on the console", "console.warn('deprecated')", /^console warning: deprecated/],
  [
    "an uncaught error",
    "void setTimeout(() => { throw new Error('unexpected'); })",
    /^uncaught: .*unexpected/,
  ],
  ["a rejection that nobody handles", "void Promise.reject(new Error('late'))", /^uncaught: .*late/],
  ["a request that fails", "void fetch('http://127.0.0.1:9/').catch(() => 0)", /^failed: GET .*:9\//],
  [
    "a breach of the content security policy",
    "void (new Image().src = 'http://127.0.0.1:9/x.png')",
    /^console error: .*Policy/,
  ],
  [
    "an attempt to evaluate code, of which nothing else is said",
    "void setTimeout(() => { try { Function('') } catch {} })",
    /^uncaught: .*script-src forbids eval/,
  ],
  [
    "something that is kept in the browser beside the theme",
    "void setTimeout(() => localStorage.setItem('token', 'x'))",
    /^uncaught: .*localStorage holds token/,
  ],
];

for (const [what, script, expected] of noises) {
  test(`${what} is reported`, async ({ page, context }) => {
    const reports = await listen(context);
    await page.route("http://localhost/", (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: { "content-security-policy": "img-src 'none'; script-src 'self'" },
      }),
    );
    await page.goto("http://localhost/");
    expect(reports).toEqual([]);
    await page.evaluate(script);
    await expect.poll(() => reports).toContainEqual(expect.stringMatching(expected));
  });
}
