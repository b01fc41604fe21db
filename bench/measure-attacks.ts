import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Attack, attackerJobs } from "./attacker";
import { type ComparedLoad, compareLoads, othersIn, type Round } from "./compare-loads";
import type { Bench } from "./context";
import { type Gatehouse, postmasterPid, workerEnv } from "./gatehouse";
import { type Load, runSteadily } from "./load";
import { type RestClient, restClient } from "./rest-client";
import { percentile } from "./statistics";
import type { Figures, Row } from "./table";
import type { verbJobs } from "./verb";
import { startWorker, type Worker } from "./worker";

const ROUNDS = 6;
const ROUND_MS = 3_000;
const WARM_UP_MS = 1_000;

/**
 * So many that hashes are queued all the time, although a guess is answered only 50 to 70 ms after its hash
 * (docs/decisions/0020); not more than may wait for a hash.
 */
const GUESSES_AT_ONCE = Math.min(256, 32 * availableParallelism());
const CALL_EVERY_MS = 10;
const MAX_CALL_MS = 50;

const ATTEMPTS_ON_ONE = 200;
/** More than may wait for a hash. */
const CROWD = 400;
const LOGIN_EVERY_MS = 150;
const HEALTH_EVERY_MS = 50;
const MAX_LOGIN_MS = 2_000;
const MAX_HEALTH_MS = 200;
const OTHERS = 64;

/** After this time the initial burst of an attack has been processed. */
const SETTLED_MS = 1_000;

/** Keeps an attack going while other work is measured, from `settleMs` after it began. */
async function duringAttack<T>(
  attacker: Worker<typeof attackerJobs>,
  { settleMs, ...attack }: Attack & { settleMs: number },
  work: () => Promise<T>,
): Promise<T> {
  await attacker.call("begin", attack);
  try {
    await sleep(settleMs);
    return await work();
  } finally {
    await attacker.call("end", null);
  }
}

const noted = (rounds: readonly Round[]) => rounds.flatMap(({ times }) => times);

/** Measures other requests while passwords are guessed: for unknown addresses, for one account, and by a crowd. */
export async function measureAttacks(
  bench: Bench,
  { port, program }: Gatehouse,
  verb: Worker<typeof verbJobs>,
): Promise<Figures> {
  const { emails, password } = await verb.call("makeAccounts", { count: OTHERS + 1 });
  const [victim = "", ...others] = emails;
  const attacker = await startWorker<typeof attackerJobs>(bench, "attacker", workerEnv({}));
  const client = restClient(port, OTHERS);
  const { token } = await client.logIn(others[0] ?? "", password);
  const onUnknownAddresses = {
    port,
    parallel: GUESSES_AT_ONCE,
    email: null,
    isCrowd: false,
    settleMs: SETTLED_MS,
  };
  // Measured from the first moment, when all guesses arrive at once.
  const onOneAccount = { port, parallel: ATTEMPTS_ON_ONE, email: victim, isCrowd: false, settleMs: 0 };
  const fromManyNetworks = { port, parallel: CROWD, email: null, isCrowd: true, settleMs: SETTLED_MS };
  const callSteadily = (ms: number) => runSteadily(CALL_EVERY_MS, ms, () => client.readUser(token));
  const logInSteadily = (ms: number) =>
    runSteadily(LOGIN_EVERY_MS, ms, (n) => client.logIn(others[n % OTHERS] ?? "", password));
  const healthTimes: number[] = [];
  const underAttackOnOne = async (ms: number): Promise<Load> => {
    const [logins, health] = await Promise.all([logInSteadily(ms), askHealth(client, ms)]);
    healthTimes.push(...health.times);
    return logins;
  };
  const processes = { node: program.pid, postgres: await postmasterPid(bench), attacker: attacker.pid };
  const loads = {
    calm: { run: callSteadily, processes },
    guessed: { run: (ms) => duringAttack(attacker, onUnknownAddresses, () => callSteadily(ms)), processes },
    alone: { run: logInSteadily, processes },
    attacked: { run: (ms) => duringAttack(attacker, onOneAccount, () => underAttackOnOne(ms)), processes },
  } satisfies Record<string, ComparedLoad>;
  const crowd: ComparedLoad = {
    run: (ms) => duringAttack(attacker, fromManyNetworks, () => logInSteadily(ms)),
    processes,
  };
  const how = { rounds: ROUNDS, ms: ROUND_MS, warmUpMs: WARM_UP_MS };
  // The crowd comes last: what it leaves to the garbage collection would delay the others.
  const rounds = { ...(await compareLoads(loads, how)), ...(await compareLoads({ crowded: crowd }, how)) };
  client.http.close();
  return { rows: [...toRows(rounds), healthRow(healthTimes)], remarks: [], others: othersIn(rounds) };
}

async function askHealth(client: RestClient, ms: number): Promise<Load> {
  return runSteadily(HEALTH_EVERY_MS, ms, async () => {
    const { status } = await client.http.ask("/api/health");
    if (status !== 200) throw new Error(`/api/health was answered with ${status}.`);
  });
}

const inMs = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;

function toRows({ calm, guessed, alone, crowded, attacked }: Record<string, Round[]>): Row[] {
  const row = (label: string, rounds: Round[] = [], share: number, maxMs?: number): Row => {
    const times = noted(rounds);
    const value = percentile(times, share);
    const limit = maxMs === undefined ? {} : { limit: `< ${maxMs} ms`, isWithin: value < maxMs };
    const note = `p50 ${inMs(percentile(times, 0.5))}, slowest ${inMs(Math.max(...times))} of ${times.length}`;
    return { label, value: inMs(value), note, ...limit };
  };
  return [
    row("GET /api/auth/user, p99", calm, 0.99),
    row(`  with ${GUESSES_AT_ONCE} guesses at once`, guessed, 0.99, MAX_CALL_MS),
    row("Login over REST, p95", alone, 0.95),
    row(`  with ${CROWD} guesses from one subscriber's networks`, crowded, 0.95, MAX_LOGIN_MS),
    row(`  with ${ATTEMPTS_ON_ONE} guesses on one account`, attacked, 0.95, MAX_LOGIN_MS),
  ];
}

function healthRow(times: readonly number[]): Row {
  const slowest = Math.max(...times);
  return {
    label: "  /api/health meanwhile, slowest",
    value: inMs(slowest),
    limit: `< ${MAX_HEALTH_MS} ms`,
    isWithin: slowest < MAX_HEALTH_MS,
    note: `p50 ${inMs(percentile(times, 0.5))}, p99 ${inMs(percentile(times, 0.99))} of ${times.length}`,
  };
}
