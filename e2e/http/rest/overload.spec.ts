import { openSql } from "../../fixtures/sql";
import { type Got, send } from "../client";
import { expect, outcome, test } from "./rest-test";

const LOGIN = "/api/auth/login";
/** Logins per wave, and the number of waves: together far more than may queue for one account. */
const WAVE = 60;
const WAVES = 7;
const QUESTIONS = 10;
/** A call with a token waits for no password check: it must be this many times as fast as the slowest login. */
const MIN_SPEEDUP = 5;

test("when too many passwords wait for their turn the rest is sent away, and tokens still work", async ({
  product,
  tools,
}) => {
  test.slow();
  const { arrange, rest } = tools;
  await arrange("makeSettings", { general: { loginAttemptsPerAddressPerMinute: 0 } });
  const { token } = await tools.signedIn();
  const { id, email } = await arrange("makeUser");
  // Answers are checked after all have arrived: checking one takes longer than the server needs to give it.
  const answers: { ms: number; got: Got }[] = [];
  const login = { username: email, password: "a wrong password" };
  const headers = { "content-type": "application/json" };
  const tryLogin = async () => {
    const begun = performance.now();
    const sent = { method: "POST", path: LOGIN, headers, body: JSON.stringify(login) };
    const got = await send(product.url, sent);
    answers.push({ ms: performance.now() - begun, got });
  };
  const ask = async () => {
    const begun = performance.now();
    expect(outcome(await rest.call("GET", "/api/auth/user", { token }))).toEqual([200, null]);
    return performance.now() - begun;
  };

  // While another connection holds the row lock on the account, each login waits, however fast this machine hashes.
  // The lock is released between two waves, because a statement that waits too long is cancelled.
  const holder = await openSql(product.env.DATABASE_URL);
  const hold = async () => {
    await holder.sql("BEGIN");
    await holder.sql("SELECT FROM users WHERE id = $1 FOR UPDATE", id);
  };
  const attack: Promise<void>[] = [];
  for (let wave = 0; wave < WAVES; wave += 1) {
    await hold();
    for (let n = 0; n < WAVE; n += 1) attack.push(tryLogin());
    await ask();
    await holder.sql("COMMIT");
  }
  await holder.close();

  const asked: number[] = [];
  for (let n = 0; n < QUESTIONS; n += 1) asked.push(await ask());
  expect(attack.length - answers.length, "passwords were still being hashed").toBeGreaterThan(0);
  await Promise.all(attack);
  const read = answers.map(({ ms, got }) => ({ ms, answer: rest.read("POST", LOGIN, got) }));
  const sentAway = read.flatMap(({ answer }) => (answer.status === 503 ? [answer.headers] : []));
  expect(new Set(sentAway.map((headers) => headers["retry-after"]))).toEqual(new Set(["5"]));
  const refused = new Set(sentAway.map((headers) => headers["x-request-id"] ?? ""));
  const [failed, told] = [rest.unavailable(), refused.size];
  expect(told - failed.length, "there was no room for some").toBeGreaterThan(0);
  expect(failed.filter((requestId) => !refused.has(requestId))).toEqual([]);
  const outcomes = read.map(({ answer }) => JSON.stringify(outcome(answer)));
  expect([...new Set(outcomes)].sort()).toEqual(["[401,10]", "[503,2]"]);
  const evaluated = read.filter(({ answer }) => answer.status === 401).map(({ ms }) => ms);
  expect(Math.max(...asked)).toBeLessThan(Math.max(...evaluated) / MIN_SPEEDUP);
});
