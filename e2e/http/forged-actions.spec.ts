import { readFileSync } from "node:fs";
import pLimit from "p-limit";
import { CONSOLE, consoleEnv, digestOf } from "@/scripts/build.js";
import { snapshot } from "../fixtures/snapshot";
import { auditDetails, storedPanel } from "../fixtures/stored";
import { COOKIE, expect, test } from "../fixtures/test";
import { actionNamed, answerOf, builtActions, callAction } from "./actions";
import { type Got, send } from "./client";

/** The only tables that a wrong login or a forbidden action may change: it is counted and audited. */
const ALLOWED_CHANGES = ["rate_limits", "audit_events"];

/** Arguments in a shape that no action accepts. */
const malformed = [
  "[]",
  "[null]",
  "[[]]",
  '["x"]',
  "[{}]",
  '["$undefined"]',
  '["$undefined",{}]',
  '[{"version":"1","values":[]}]',
  '[{"version":1e999,"values":{"maxFailedLoginAttempts":1e999}}]',
  '[{"version":1,"values":{"__proto__":{"maxFailedLoginAttempts":1},"constructor":{"prototype":{"ok":true}}}}]',
  '[{"__proto__":{"version":1,"values":{}},"password":["a"],"key":{"toString":"x"}}]',
  '[{"password":{"$gt":""}}]',
  '[{"version":1,"values":{"userLockoutNotificationEmail":"a\\u0000@b.example","tokenIssuer":"\\u0000"},"password":null}]',
  '[{"version":1,"version":2,"values":{"tokenIssuer":["a"],"tokenExpirationTime":"9000"},"key":1,"mode":"all"}]',
  '["$K1"]',
  '["$@1"]',
  '["$0"]',
  `["${"x".repeat(1_000_000)}"]`,
] as const;

/** Bodies that React cannot decode into an argument list, so that they never reach our code. */
const undecodable = [
  "",
  "{not json",
  "null",
  '["$F1"]',
  '["$1:__proto__:then"]',
  '[{"then":"$1:constructor"}]',
  `[${"[".repeat(5_000)}${"]".repeat(5_000)}]`,
] as const;

const bodies = [
  ...malformed.map((args) => ({ args, isDecodable: true })),
  ...undecodable.map((args) => ({ args, isDecodable: false })),
];
/** How many of them are sent at a time. One after the other, the test and the server would wait for each other in turns. */
const AT_ONCE = 6;

const INTERNALS = /\bat .+:\d+:\d+|node_modules|\.tsx?:\d+|SELECT |prisma|postgres/i;

/** Whether an answer reveals no source path, stack trace or SQL. */
const revealsNothing = ({ body }: Got) => !INTERNALS.test(body) && !body.includes(process.cwd());

test("an argument in the wrong shape is never stored, never fails the server, and reveals nothing", async ({
  arrange,
  product,
  sql,
}) => {
  test.slow();
  const sessionOf = async (authority: "CUSTOMER_USER" | "SYS_ADMIN") => {
    const { token } = await arrange("loggedIn", await arrange("makeUser", { authority }));
    return `${COOKIE}=${token}`;
  };
  const callers = {
    nobody: "",
    customer: await sessionOf("CUSTOMER_USER"),
    administrator: await sessionOf("SYS_ADMIN"),
  };
  const before = await snapshot(sql, ALLOWED_CHANGES);
  const sideBySide = pLimit(AT_ONCE);
  for (const [index, action] of builtActions().entries()) {
    // Logging out takes no arguments, so it succeeds and would end the caller's session.
    const own = Object.entries(callers).filter(([caller]) => action.name !== "logOut" || caller === "nobody");
    const calls = own.flatMap(([caller, cookie], place) =>
      bodies
        // Whoever calls, React fails before our code could ask who it is: the callers take turns.
        .filter(({ isDecodable }) => isDecodable || place === index % own.length)
        .map((body) => ({ caller, cookie, ...body })),
    );
    const answers = await sideBySide.map(calls, async ({ caller, cookie, args, isDecodable }) => {
      const name = `${action.title}, called with ${args.slice(0, 60)}, as ${caller}`;
      const answer = await callAction(product.url, action, args, { cookie });
      const isRefused = isDecodable ? answer.status < 500 : answer.status === 400 && answer.body.length < 200;
      const isRight = isRefused && revealsNothing(answer);
      return isRight ? [] : [`${name}: ${answer.status} ${answer.body.slice(0, 200)}`];
    });
    expect(answers.flat(), action.title).toEqual([]);
  }
  expect(await snapshot(sql, ALLOWED_CHANGES)).toEqual(before);
  expect(await auditDetails(sql, "signing-key-shown")).toEqual([]);
  expect(await auditDetails(sql, "settings-changed")).toEqual([]);
});

test("actions are named after the sources alone, so that servers built apart know each other's", () => {
  const { encryptionKey } = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8"));
  const { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: ofSources } = consoleEnv(digestOf(CONSOLE));
  expect(encryptionKey).toBe(ofSources);
});

test("an unknown action is not found", async ({ administrator: { cookie }, product }) => {
  for (const id of ["x", "__proto__", "constructor", `7f${"0".repeat(40)}`, "0".repeat(5_000)]) {
    const action = { id, page: "/settings/security" };
    const answer = await callAction(product.url, action, "[]", { cookie });
    expect([400, 404, 409], id.slice(0, 50)).toContain(answer.status);
    expect(revealsNothing(answer), id.slice(0, 50)).toBe(true);
  }
});

test("a save is refused when it is stale, foreign, or of a session that has ended", async ({
  administrator: { cookie, sessionId },
  product,
  sql,
}) => {
  const action = actionNamed("saveGeneralPolicy");
  const { values } = await storedPanel(sql, "general");
  const edit = (version: number, attempts: number) =>
    JSON.stringify([{ version, values: { ...values, maxFailedLoginAttempts: attempts } }]);
  const before = await snapshot(sql);

  const refusals: [string, Promise<Got>, number, Record<string, unknown> | undefined][] = [
    [
      "never seen",
      callAction(product.url, action, edit(99, 7), { cookie }),
      200,
      { ok: false, code: "conflict" },
    ],
    [
      "out of range",
      callAction(product.url, action, edit(1, 101), { cookie }),
      200,
      { ok: false, code: "invalid", fieldErrors: { maxFailedLoginAttempts: [expect.any(String)] } },
    ],
    [
      "from another site",
      callAction(product.url, action, edit(1, 7), { cookie, origin: "https://evil.example" }),
      403,
      undefined,
    ],
    [
      "sent by another site",
      callAction(product.url, action, edit(1, 7), { cookie, "sec-fetch-site": "cross-site" }),
      403,
      undefined,
    ],
    [
      "sent by a sibling",
      callAction(product.url, action, edit(1, 7), { cookie, "sec-fetch-site": "same-site" }),
      403,
      undefined,
    ],
    [
      "by another name",
      callAction(product.url, action, edit(1, 7), {
        cookie,
        host: "evil.example",
        origin: "http://evil.example",
      }),
      421,
      undefined,
    ],
    [
      "as a method that reads",
      send(product.url, { path: action.page, headers: { cookie, "next-action": action.id } }),
      200,
      undefined,
    ],
  ];
  for (const [what, sent, status, answer] of refusals) {
    const got = await sent;
    expect(got.status, what).toBe(status);
    if (answer) expect(answerOf(got), what).toMatchObject(answer);
  }
  expect(await snapshot(sql)).toEqual(before);

  await test.step("an ended session saves nothing", async () => {
    await sql("UPDATE sessions SET ended_at = now() WHERE id = $1", sessionId);
    const answer = await callAction(product.url, action, edit(1, 7), { cookie });
    expect(answerOf(answer)).toMatchObject({ ok: false, code: "unauthenticated" });
    await sql("UPDATE sessions SET ended_at = NULL WHERE id = $1", sessionId);
  });

  await test.step("and the same call, rightly made, does", async () => {
    expect(answerOf(await callAction(product.url, action, edit(1, 7), { cookie }))).toMatchObject({
      ok: true,
    });
    expect((await storedPanel(sql, "general")).values).toMatchObject({ maxFailedLoginAttempts: 7 });
  });
});

test("unknown fields change nothing", async ({ administrator: { cookie }, product, sql }) => {
  const { values } = await storedPanel(sql, "general");
  const extra = {
    ...values,
    maxFailedLoginAttempts: 8,
    minimumLength: 6,
    expirySwitchedOnAt: null,
    savedByEmail: "x",
  };
  const body = JSON.stringify([
    { version: 1, values: extra, actor: { authority: "SYS_ADMIN" }, panel: "jwt" },
  ]);
  const answer = await callAction(product.url, actionNamed("saveGeneralPolicy"), body, { cookie });
  expect(answerOf(answer)).toMatchObject({ ok: true });
  expect((await storedPanel(sql, "general")).values).toEqual({ ...values, maxFailedLoginAttempts: 8 });
  expect((await storedPanel(sql, "password")).version).toBe(1);
  expect((await storedPanel(sql, "jwt")).version).toBe(1);
});
