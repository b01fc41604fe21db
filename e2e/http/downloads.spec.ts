import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { expect, test } from "../fixtures/test";

test("a download ends with its person's session, and does not look complete", async ({
  administrator,
  product,
  sql,
}) => {
  // More than the buffers between a server and a client that does not read.
  await sql(
    `INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
     SELECT now(), 'logged-out', '', '', '', repeat('x', 1000), '', '{}' FROM generate_series(1, 40000)`,
  );
  const printedBefore = product.output().length;
  const { cookie, sessionId } = administrator;
  const [response] = (await once(
    get(`${product.url}/audit/export`, { headers: { cookie }, agent: false }),
    "response",
  )) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  await once(response, "readable");

  await sql("UPDATE sessions SET ended_at = now() WHERE id = $1::uuid", sessionId);
  const broken = once(response, "error").catch((error: Error) => [error]);
  response.resume();
  expect(await broken).toMatchObject([{ code: "ECONNRESET" }]);
  expect(response.complete).toBe(false);

  const printed = () => product.output().slice(printedBefore);
  await expect.poll(printed).toContain('"download-cut-off"');
  expect(printed()).not.toContain('"request-failed"');
});

test("a file has the events of the page with the same address, also of one that names a filter twice", async ({
  administrator: _,
  context,
}) => {
  const kinds = async (query: string) => {
    const text = await (await context.request.get(`/audit/export?${query}`)).text();
    return new Set(
      text
        .trimEnd()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(",")[1]),
    );
  };
  expect(await kinds("kind=logged-out")).toEqual(new Set());
  expect(await kinds("kind=login-failed&kind=logged-out")).toEqual(await kinds(""));
});

test("each download is recorded, and looking whether there is a file is not", async ({
  administrator,
  context,
  sql,
}) => {
  const recorded = () =>
    sql("SELECT actor_email, details FROM audit_events WHERE kind = 'audit-exported' ORDER BY id");
  const head = await context.request.head("/audit/export");
  expect([head.status(), head.headers()["content-disposition"]]).toEqual([
    200,
    expect.stringMatching(/^attachment; filename="gatehouse-audit-[\d-]{10}\.csv"$/),
  ]);
  expect(await recorded()).toEqual([]);
  const file = await context.request.get("/audit/export?kind=login-failed");
  expect(file.headers()).toMatchObject({
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": head.headers()["content-disposition"],
  });
  expect(await recorded()).toEqual([
    { actor_email: administrator.email, details: { filters: { kind: "login-failed" } } },
  ]);
});

test("another site can lead to the page of a file, but not have it downloaded", async ({
  administrator: _,
  context,
  sql,
}) => {
  const ask = async (site: string) => {
    const options = { headers: { "sec-fetch-site": site }, maxRedirects: 0 };
    const answer = await context.request.get("/audit/export?kind=logged-out", options);
    return [answer.status(), answer.headers().location];
  };
  const exported = () => sql("SELECT FROM audit_events WHERE kind = 'audit-exported'");
  for (const site of ["cross-site", "same-site"])
    expect(await ask(site)).toEqual([307, "/audit?kind=logged-out"]);
  expect(await exported()).toHaveLength(0);
  for (const site of ["same-origin", "none"]) expect(await ask(site)).toEqual([200, undefined]);
  expect(await exported()).toHaveLength(2);
});
