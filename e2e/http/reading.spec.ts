import { snapshot } from "../fixtures/snapshot";
import { expect, test } from "../fixtures/test";
import { send } from "./client";

/** A download of the audit is recorded (e2e/http/downloads.spec.ts). */
const isRecorded = (link: string) => link.startsWith("/audit/export");

test("reading changes nothing, whatever is read", async ({
  administrator: { cookie },
  arrange,
  product,
  sql,
}) => {
  const invited = await arrange("makeUser", { state: "INVITED" });
  const { url } = await arrange("makeLink", invited.id, "ACTIVATION");
  const link = url.slice(product.url.length);
  const waiting = [
    "/",
    "/settings/security",
    "/api-docs",
    "/audit?kind=login-failed&person=%27--&from=2026-01-01&after=1-1",
    "/sessions?kind=REST&search=%27--&after=1-1",
    "/login?next=/audit",
    "/no-access",
    "/password-expired",
    "/link-expired?kind=activation",
    "/api/health",
    "/nowhere",
    link,
  ];
  const before = await snapshot(sql);
  const seen = new Set<string>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const headers of [{ cookie }, { cookie, rsc: "1" }, {}] as Record<string, string>[]) {
      const { status, body } = await send(product.url, { path, headers });
      expect(status, path).toBeLessThan(500);
      const links = [...body.matchAll(/href="(\/[^"#]*)"/g)].map(([, link = ""]) =>
        link.replaceAll("&amp;", "&"),
      );
      waiting.push(...links.filter((link) => !link.startsWith("/_next/") && !isRecorded(link)));
    }
    const { body } = await send(product.url, { method: "HEAD", path, headers: { cookie } });
    expect(body).toBe("");
  }
  expect(seen.size).toBeGreaterThan(10);
  expect(await snapshot(sql)).toEqual(before);

  await test.step("and the link that was read still lets in", async () => {
    const { status } = await send(product.url, { path: link });
    expect(status).toBe(200);
  });
});
