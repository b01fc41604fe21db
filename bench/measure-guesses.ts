import { availableParallelism } from "node:os";
import { type ComparedLoad, compareLoads, othersIn, type Round } from "./compare-loads";
import type { Bench } from "./context";
import { type Gatehouse, postmasterPid } from "./gatehouse";
import { rate, runLoad } from "./load";
import { restClient } from "./rest-client";
import { type Figures, overRounds, type Row } from "./table";
import { unknownEmail } from "./unknown-email";
import type { verbJobs } from "./verb";
import type { Worker } from "./worker";

/** So many that hashing is the limit, although each guess is answered only 50 to 70 ms after its hash (docs/decisions/0020). */
const PARALLEL = 8 * Math.max(2, availableParallelism());
const ROUNDS = 8;
const ROUND_MS = 1_000;
const WARM_UP_MS = 1_000;
/** Enough that the attempts lock none of them, however many cores hash the passwords. */
const ACCOUNTS = 300 * availableParallelism();

/** Tries wrong passwords over REST, for known and unknown addresses in turns. */
export async function measureGuesses(
  bench: Bench,
  { port, program }: Gatehouse,
  verb: Worker<typeof verbJobs>,
): Promise<Figures> {
  const { emails } = await verb.call("makeAccounts", { count: ACCOUNTS });
  const client = restClient(port, PARALLEL);
  let next = 0;
  const known = () => {
    next += 1;
    return emails[next % ACCOUNTS] ?? "";
  };
  const processes = { node: program.pid, postgres: await postmasterPid(bench) };
  const guess = (address: () => string) => (ms: number) =>
    runLoad(PARALLEL, ms, () => client.failToLogIn(address(), "a wrong password"));
  const loads = {
    known: { run: guess(known), processes },
    unknown: { run: guess(unknownEmail), processes },
  } satisfies Record<string, ComparedLoad>;
  const rounds = await compareLoads(loads, { rounds: ROUNDS, ms: ROUND_MS, warmUpMs: WARM_UP_MS });
  client.http.close();
  return { rows: toRows(rounds), remarks: [], others: othersIn(rounds) };
}

function toRows({ known, unknown }: Record<"known" | "unknown", Round[]>): Row[] {
  const perSecond = (value: number) => `${value.toFixed(1)} /s`;
  return [
    { label: "Wrong password over REST, known", ...overRounds(known.map(rate), perSecond) },
    { label: "Wrong password over REST, unknown", ...overRounds(unknown.map(rate), perSecond) },
    {
      label: "  relative to known",
      ...overRounds(
        unknown.map((round, index) => rate(round) / rate(known[index] ?? round)),
        (value) => value.toFixed(2),
      ),
    },
  ];
}
