import { CLIENT, type Contestant, contest, cpuEach, othersIn, type Round } from "./contest";
import type { Bench } from "./context";
import { type Gatehouse, postmasterPid } from "./gatehouse";
import { httpClient } from "./http-client";
import { rate, runLoad } from "./load";
import { loginForm } from "./login-form";
import type { rawJobs } from "./raw-hashing";
import { restClient } from "./rest-client";
import { tally } from "./statistics";
import { type Figures, overRounds, type Row } from "./table";
import type { verbJobs } from "./verb";
import type { Worker } from "./worker";

const PARALLEL = 16;
const ROUNDS = 12;
const ROUND_MS = 1_200;
const WARM_UP_MS = 1_500;
const MIN_RATIO = 0.85;

/** More accounts than logins at once, so that none waits at its own gate. */
const ACCOUNTS = 256;

type Workers = Readonly<{ raw: Worker<typeof rawJobs>; verb: Worker<typeof verbJobs> }>;

/**
 * Logs people in, in four ways by turns: the hash and nothing else, the login verb, and of the running server the REST
 * call and the form.
 */
export async function measureLogins(
  bench: Bench,
  { port, program }: Gatehouse,
  { raw, verb }: Workers,
): Promise<Figures> {
  const { emails, hash, password } = await verb.call("prepare", { accounts: ACCOUNTS });
  const client = httpClient(port, PARALLEL);
  const form = await loginForm(client);
  const rest = restClient(port, PARALLEL);
  const postgres = await postmasterPid(bench);
  const contestants = {
    raw: {
      run: (ms) => raw.call("verify", { hash, password, parallel: PARALLEL, ms }),
      processes: { node: raw.pid },
    },
    verb: {
      run: (ms) => verb.call("logIn", { parallel: PARALLEL, ms }),
      processes: { node: verb.pid, postgres },
    },
    rest: {
      run: (ms) => runLoad(PARALLEL, ms, (n) => rest.logIn(emails[n % emails.length] ?? "", password)),
      processes: { node: program.pid, postgres },
    },
    form: {
      run: (ms) => runLoad(PARALLEL, ms, (n) => form.submit(emails[n % emails.length] ?? "", password)),
      processes: { node: program.pid, postgres },
    },
  } satisfies Record<string, Contestant>;
  const rounds = await contest(contestants, { rounds: ROUNDS, ms: ROUND_MS, warmUpMs: WARM_UP_MS });
  client.close();
  rest.http.close();
  return {
    rows: toRows(rounds),
    remarks: toRemarks(rounds, await verb.call("traceLogIn", null)),
    others: othersIn(rounds),
  };
}

type Rounds = Record<"raw" | "verb" | "rest" | "form", Round[]>;

function toRows({ raw, verb, rest, form }: Rounds): Row[] {
  const perSecond = (value: number) => `${value.toFixed(1)} /s`;
  const besideRaw = (rounds: Round[]) =>
    overRounds(
      rounds.map((round, index) => rate(round) / rate(raw[index] ?? round)),
      (value) => value.toFixed(2),
    );
  const limited = (rounds: Round[]): Row => {
    const ratio = besideRaw(rounds);
    const isWithin = ratio.middle >= MIN_RATIO;
    return { label: "  beside argon2id", ...ratio, limit: `≥ ${MIN_RATIO}`, isWithin };
  };
  return [
    { label: "argon2id, nothing else", ...overRounds(raw.map(rate), perSecond) },
    { label: "Login, the verb", ...overRounds(verb.map(rate), perSecond) },
    limited(verb),
    { label: "Login, REST", ...overRounds(rest.map(rate), perSecond) },
    limited(rest),
    { label: "Login, the form", ...overRounds(form.map(rate), perSecond) },
    { label: "  beside argon2id", ...besideRaw(form) },
  ];
}

/** Where the time beyond the hash goes. */
function toRemarks({ raw, verb, rest, form }: Rounds, statements: readonly string[]): string[] {
  const ms = (value = 0) => `${value.toFixed(1)} ms`;
  const hash = cpuEach(raw).node ?? 0;
  const beyond = (rounds: Round[]) => {
    const { node = 0, postgres } = cpuEach(rounds);
    return `node ${ms(node - hash)}, PostgreSQL ${ms(postgres)}`;
  };
  return [
    `CPU of one login: argon2id ${ms(hash)}; beyond it at the verb ${beyond(verb)}; over REST ${beyond(rest)}; through the form ${beyond(form)}` +
      ` (and the client's ${ms(cpuEach(form)[CLIENT])}).`,
    `Statements of one login at the verb, ${statements.length}: ${tally(statements)}.`,
  ];
}
