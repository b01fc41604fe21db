import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { startEmbeddedDatabase } from "@/server/embedded-database";
import { migrate } from "@/server/migrations";
import { readPostmaster } from "@/server/postgres-process";
import { compareLoads, othersIn, type Round } from "./compare-loads";
import type { Bench } from "./context";
import { workerEnv } from "./gatehouse";
import type { manyUsersJobs } from "./many-users";
import type { ListName, PageName } from "./many-users-queries";
import { MIN_USERS } from "./options";
import { median, percentile } from "./statistics";
import { type Figures, overRounds, type Row } from "./table";
import { startWorker, type Worker } from "./worker";

const SAMPLES = 200;
const PAGE_SAMPLES = 60;
const MAX_LIST_MS = 100;
/** Many short rounds, so that other work on the machine affects both alike. */
const ROUNDS = 60;
const ROUND_MS = 300;
const WARM_UP_MS = 2_000;
const TOLERANCE = 0.1;

const listLabels: Readonly<Record<ListName, string>> = {
  first: "first page",
  deep: "a page anywhere",
  prefix: "search by prefix",
  substring: "search by substring",
  address: "search by whole address",
  letter: "search by one or two letters",
  nothing: "search that finds nothing",
  locked: "filter by locked",
  other: "filter by another state",
  authority: "filter by authority",
  lockedPrefix: "locked, and by prefix",
};
const pageLabels: Readonly<Record<PageName, string>> = {
  first: "first page",
  deep: "page 10,000 and later",
  search: "search by prefix",
};

/** Starts a PostgreSQL with the product's settings and that many accounts, and a process that runs the verbs. */
async function startManyUsers(bench: Bench, users: number) {
  const dataDir = await mkdtemp(path.join(bench.folder, "many-users-"));
  const { url, secretKey, stop } = await startEmbeddedDatabase(dataDir, {
    onTrouble: () => undefined,
    onLost: () => undefined,
  });
  bench.shutdown.add("many users", stop);
  await migrate(url, path.resolve("prisma/migrations"));
  const base = { BASE_URL: "http://localhost:3000", LOG_LEVEL: "silent" };
  const env = workerEnv({ ...base, DATABASE_URL: url, SECRET_KEY: secretKey });
  const worker = await startWorker<typeof manyUsersJobs>(bench, "many-users", env);
  const seconds = await worker.call("make", { users });
  const postgres = (await readPostmaster(path.join(dataDir, "postgres")))?.pid ?? 0;
  return { worker, seconds, processes: { node: worker.pid, postgres } };
}

/** Measures lists among many accounts, and logins in turns with logins on a database of few accounts. */
export async function measureUsers(bench: Bench, users: number): Promise<Figures> {
  const few = await startManyUsers(bench, MIN_USERS);
  const many = await startManyUsers(bench, users);
  bench.say(`  made in ${many.seconds.toFixed(0)} s`);
  const rounds = await compareLoads(
    {
      few: { run: (ms) => few.worker.call("logIn", { ms }), processes: few.processes },
      many: { run: (ms) => many.worker.call("logIn", { ms }), processes: many.processes },
    },
    { rounds: ROUNDS, ms: ROUND_MS, warmUpMs: WARM_UP_MS },
  );
  return {
    rows: [...(await measureLists(many.worker, users)), ...loginRows(rounds, users)],
    remarks: [`${count(users)} accounts were made in PostgreSQL in ${many.seconds.toFixed(0)} s.`],
    others: othersIn(rounds),
  };
}

const count = (users: number) => users.toLocaleString("en");
const inMs = (value: number) => `${value.toFixed(1)} ms`;

async function measureLists(worker: Worker<typeof manyUsersJobs>, users: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of Object.keys(listLabels) as ListName[]) {
    const times = await worker.call("list", { name, samples: SAMPLES });
    rows.push(toRow(`Of ${count(users)} users, ${listLabels[name]}`, times, MAX_LIST_MS));
  }
  for (const name of Object.keys(pageLabels) as PageName[]) {
    const times = await worker.call("page", { name, samples: PAGE_SAMPLES });
    rows.push(toRow(`  GET /api/users, ${pageLabels[name]}`, times));
  }
  return rows;
}

function toRow(label: string, times: readonly number[], maxMs?: number): Row {
  const value = percentile(times, 0.95);
  const limit = maxMs === undefined ? {} : { limit: `< ${maxMs} ms`, isWithin: value < maxMs };
  const note = `p95 at the verb; p50 ${inMs(median(times))}, slowest ${inMs(Math.max(...times))} of ${times.length}`;
  return { label, value: inMs(value), note, ...limit };
}

function loginRows({ few, many }: Record<"few" | "many", Round[]>, users: number): Row[] {
  const p50 = ({ times }: Round) => median(times);
  const ratio = overRounds(
    many.map((round, index) => p50(round) / p50(few[index] ?? round)),
    (value) => value.toFixed(3),
  );
  return [
    { label: `Login of ${count(MIN_USERS)} users, p50`, ...overRounds(few.map(p50), inMs) },
    { label: `Login of ${count(users)} users, p50`, ...overRounds(many.map(p50), inMs) },
    {
      label: "  relative to the few",
      ...ratio,
      limit: `1 ± ${TOLERANCE}`,
      isWithin: Math.abs(ratio.middle - 1) <= TOLERANCE,
    },
  ];
}
