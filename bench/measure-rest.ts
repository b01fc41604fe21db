import type { BareNext } from "./bare-next";
import { type ComparedLoad, compareLoads, cpuEach, othersIn, type Round } from "./compare-loads";
import type { Bench } from "./context";
import { type Gatehouse, postmasterPid } from "./gatehouse";
import { httpClient } from "./http-client";
import { rate, runLoad } from "./load";
import { restClient } from "./rest-client";
import { type Figures, overRounds, type Row } from "./table";
import type { verbJobs } from "./verb";
import type { Worker } from "./worker";

const PARALLEL = 16;
const ROUNDS = 12;
const ROUND_MS = 1_000;
const WARM_UP_MS = 2_500;
const MIN_RATIO = 0.5;

type Measured = Record<"bare" | "user" | "refresh", Round[]>;

/** Measures a bare route with one query, `GET /api/auth/user` and a token refresh, in turns. */
export async function measureRest(
  bench: Bench,
  { port, program }: Gatehouse,
  bare: BareNext,
  verb: Worker<typeof verbJobs>,
): Promise<Figures> {
  const { ids, emails, password } = await verb.call("makeAccounts", { count: PARALLEL });
  const client = restClient(port, PARALLEL);
  const bareClient = httpClient(bare.port, PARALLEL);
  const pairs = await Promise.all(emails.map((email) => client.logIn(email, password)));
  // Each chain of refresh tokens is used sequentially, as its owner would.
  const chains = pairs.map(({ refreshToken }) => Promise.resolve(refreshToken));
  const postgres = await postmasterPid(bench);
  const askBare = async (number: number) => {
    const { status } = await bareClient.ask(`/point?id=${ids[number % PARALLEL]}`);
    if (status !== 200) throw new Error(`The bare route was answered with ${status}.`);
  };
  const refresh = async (number: number) => {
    const next = chains[number % PARALLEL]?.then(async (token) => (await client.refresh(token)).refreshToken);
    chains[number % PARALLEL] = next ?? Promise.resolve("");
    await next;
  };
  const loads = {
    bare: {
      run: (ms) => runLoad(PARALLEL, ms, askBare),
      processes: { node: bare.program.pid, postgres },
    },
    user: {
      run: (ms) => runLoad(PARALLEL, ms, (number) => client.readUser(pairs[number % PARALLEL]?.token ?? "")),
      processes: { node: program.pid, postgres },
    },
    refresh: {
      run: (ms) => runLoad(PARALLEL, ms, refresh),
      processes: { node: program.pid, postgres },
    },
  } satisfies Record<string, ComparedLoad>;
  const rounds = await compareLoads(loads, { rounds: ROUNDS, ms: ROUND_MS, warmUpMs: WARM_UP_MS });
  client.http.close();
  bareClient.close();
  return { rows: toRows(rounds), remarks: [toRemark(rounds)], others: othersIn(rounds) };
}

function toRows({ bare, user, refresh }: Measured): Row[] {
  const perSecond = (value: number) => `${value.toFixed(0)} /s`;
  const ratio = overRounds(
    user.map((round, index) => rate(round) / rate(bare[index] ?? round)),
    (value) => value.toFixed(2),
  );
  return [
    { label: "Bare Next route, one query", ...overRounds(bare.map(rate), perSecond) },
    { label: "GET /api/auth/user", ...overRounds(user.map(rate), perSecond) },
    {
      label: "  relative to the bare route",
      ...ratio,
      limit: `≥ ${MIN_RATIO}`,
      isWithin: ratio.middle >= MIN_RATIO,
    },
    { label: "Refresh", ...overRounds(refresh.map(rate), perSecond) },
  ];
}

function toRemark(measured: Measured): string {
  const cpu = (rounds: Round[]) => {
    const { node = 0, postgres = 0 } = cpuEach(rounds);
    return `node ${node.toFixed(2)} ms, PostgreSQL ${postgres.toFixed(2)} ms`;
  };
  const { bare, user, refresh } = measured;
  return `CPU of one call: bare ${cpu(bare)}; own user ${cpu(user)}; refresh ${cpu(refresh)}.`;
}
