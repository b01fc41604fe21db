import type { BareNext } from "./bare-next";
import { CLIENT, type ComparedLoad, compareLoads, cpuEach, othersIn, type Round } from "./compare-loads";
import type { Bench } from "./context";
import { type Gatehouse, postmasterPid } from "./gatehouse";
import { httpClient } from "./http-client";
import { rate, runLoad } from "./load";
import { loginForm } from "./login-form";
import { fromNewAddress } from "./new-address";
import type { rawJobs } from "./raw-hashing";
import { restClient } from "./rest-client";
import { tally } from "./statistics";
import { type Figures, overRounds, type Row } from "./table";
import type { verbJobs } from "./verb";
import type { Worker } from "./worker";

const PARALLEL = 16;
const ROUNDS = 12;
const ROUND_MS = 1_200;
/** A server runs for weeks. Until V8 has compiled the code of a login, each costs half as much again. */
const WARM_UP_MS = 8_000;
const MIN_RATIO = 0.85;

/** More accounts than concurrent logins, so that none waits at the gate of its account. */
const ACCOUNTS = 256;

type Workers = Readonly<{
  /** With one thread for each core, with which argon2id is fastest. */
  raw: Worker<typeof rawJobs>;
  /** With Node's default pool of four threads. */
  defaultPool: Worker<typeof rawJobs>;
  verb: Worker<typeof verbJobs>;
}>;

/**
 * Measures logins in turns with bare hashing: by the login verb, and on the running server by the REST call and by the
 * form.
 */
export async function measureLogins(
  bench: Bench,
  { port, program }: Gatehouse,
  bare: BareNext,
  { raw, defaultPool, verb }: Workers,
): Promise<Figures> {
  const { emails, hash, password } = await verb.call("prepare", { accounts: ACCOUNTS });
  const client = httpClient(port, PARALLEL);
  const form = await loginForm(client);
  const rest = restClient(port, PARALLEL);
  const bareClient = httpClient(bare.port, PARALLEL);
  const onlyHash = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ hash, password })),
  };
  const hashBare = async () => {
    const { body } = await bareClient.ask("/hash", onlyHash);
    if (body.toString() !== "true") throw new Error(`The bare route compared no password: ${body}`);
  };
  const postgres = await postmasterPid(bench);
  const hashing = (worker: Worker<typeof rawJobs>): ComparedLoad => ({
    run: (ms) => worker.call("verify", { hash, password, parallel: PARALLEL, ms }),
    processes: { node: worker.pid },
  });
  const loads = {
    raw: hashing(raw),
    defaultPool: hashing(defaultPool),
    bare: {
      run: (ms) => runLoad(PARALLEL, ms, hashBare),
      processes: { node: bare.program.pid },
    },
    verb: {
      run: (ms) => verb.call("logIn", { parallel: PARALLEL, ms }),
      processes: { node: verb.pid, postgres },
    },
    rest: {
      run: (ms) =>
        runLoad(PARALLEL, ms, (n) => rest.logIn(emails[n % emails.length] ?? "", password, fromNewAddress())),
      processes: { node: program.pid, postgres },
    },
    form: {
      run: (ms) =>
        runLoad(PARALLEL, ms, (n) =>
          form.submit(emails[n % emails.length] ?? "", password, fromNewAddress()),
        ),
      processes: { node: program.pid, postgres },
    },
  } satisfies Record<string, ComparedLoad>;
  const rounds = await compareLoads(loads, { rounds: ROUNDS, ms: ROUND_MS, warmUpMs: WARM_UP_MS });
  client.close();
  rest.http.close();
  bareClient.close();
  const statements = await verb.call("traceLogIn", null);
  await verb.call("allowAnyRate", null);
  return { rows: toRows(rounds), remarks: toRemarks(rounds, statements), others: othersIn(rounds) };
}

type Rounds = Record<"raw" | "defaultPool" | "bare" | "verb" | "rest" | "form", Round[]>;

function toRows({ raw, defaultPool, bare, verb, rest, form }: Rounds): Row[] {
  const perSecond = (value: number) => `${value.toFixed(1)} /s`;
  const ratioTo = (hashing: Round[], rounds: Round[]) =>
    overRounds(
      rounds.map((round, index) => rate(round) / rate(hashing[index] ?? round)),
      (value) => value.toFixed(2),
    );
  const relativeTo = (label: string, that: Round[]) => (rounds: Round[]) => ({
    label: `  relative to ${label}`,
    ...ratioTo(that, rounds),
  });
  const relativeToRaw = relativeTo("argon2id", raw);
  const relativeToDefaultPool = relativeTo("argon2id in Node's pool", defaultPool);
  const relativeToBare = relativeTo("that bare route", bare);
  const limited = (rounds: Round[]): Row => {
    const row = relativeToRaw(rounds);
    return { ...row, limit: `≥ ${MIN_RATIO}`, isWithin: ratioTo(raw, rounds).middle >= MIN_RATIO };
  };
  return [
    { label: "argon2id, a thread for each core", ...overRounds(raw.map(rate), perSecond) },
    { label: "argon2id, in Node's pool of four", ...overRounds(defaultPool.map(rate), perSecond) },
    { label: "A bare Next route that only hashes", ...overRounds(bare.map(rate), perSecond) },
    relativeToRaw(bare),
    { label: "Login, the verb", ...overRounds(verb.map(rate), perSecond) },
    limited(verb),
    relativeToDefaultPool(verb),
    { label: "Login, REST", ...overRounds(rest.map(rate), perSecond) },
    limited(rest),
    relativeToDefaultPool(rest),
    relativeToBare(rest),
    { label: "Login, the form", ...overRounds(form.map(rate), perSecond) },
    relativeToRaw(form),
  ];
}

/** Explains where the time beyond the hash goes. */
function toRemarks({ raw, bare, verb, rest, form }: Rounds, statements: readonly string[]): string[] {
  const ms = (value = 0) => `${value.toFixed(1)} ms`;
  const hash = cpuEach(raw).node ?? 0;
  const beyond = (rounds: Round[]) => {
    const { node = 0, postgres } = cpuEach(rounds);
    return `node ${ms(node - hash)}, PostgreSQL ${ms(postgres)}`;
  };
  return [
    `CPU of one login: argon2id ${ms(hash)}; beyond it in the bare route node ${ms((cpuEach(bare).node ?? 0) - hash)}; at the verb ${beyond(verb)}; over REST ${beyond(rest)}; through the form ${beyond(form)}` +
      ` (and the client's ${ms(cpuEach(form)[CLIENT])}).`,
    `Statements of one login at the verb, ${statements.length}: ${tally(statements)}.`,
  ];
}
