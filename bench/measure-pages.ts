import type { BareNext } from "./bare-next";
import { type ComparedLoad, compareLoads, cpuEach, othersIn, type Round } from "./compare-loads";
import type { Bench } from "./context";
import { type Gatehouse, postmasterPid } from "./gatehouse";
import { type HttpClient, httpClient } from "./http-client";
import { rate, runLoad } from "./load";
import { type Figures, overRounds, type Row } from "./table";

const PARALLEL = 8;
const ROUNDS = 12;
const ROUND_MS = 1_000;
/** Until both pages reach full speed: V8 compiles hot code, which takes 2,000 requests of the settings page. */
const WARM_UP_MS = 20_000;
const MIN_RATIO = 0.35;

export const SETTINGS_PAGE = "/settings/security";

/** Requests a page as a browser does, but none of its resources. */
async function getPage(client: HttpClient, path: string, cookie = ""): Promise<void> {
  const headers = { accept: "text/html", "accept-encoding": "gzip", ...(cookie && { cookie }) };
  const { status } = await client.ask(path, { headers });
  if (status !== 200) throw new Error(`${path} was answered with ${status}.`);
}

/** Measures the settings page and a bare page, in turns. */
export async function measurePages(
  bench: Bench,
  { port, program }: Gatehouse,
  bare: BareNext,
  cookie: string,
): Promise<Figures> {
  const settingsClient = httpClient(port, PARALLEL);
  const bareClient = httpClient(bare.port, PARALLEL);
  const postgres = await postmasterPid(bench);
  const loads = {
    bare: {
      run: (ms) => runLoad(PARALLEL, ms, () => getPage(bareClient, "/")),
      processes: { node: bare.program.pid },
    },
    settings: {
      run: (ms) => runLoad(PARALLEL, ms, () => getPage(settingsClient, SETTINGS_PAGE, cookie)),
      processes: { node: program.pid, postgres },
    },
  } satisfies Record<string, ComparedLoad>;
  const rounds = await compareLoads(loads, { rounds: ROUNDS, ms: ROUND_MS, warmUpMs: WARM_UP_MS });
  settingsClient.close();
  bareClient.close();
  return { rows: toRows(rounds), remarks: [toRemark(rounds)], others: othersIn(rounds) };
}

function toRows({ bare, settings }: Record<"bare" | "settings", Round[]>): Row[] {
  const perSecond = (value: number) => `${value.toFixed(0)} /s`;
  const ratio = overRounds(
    settings.map((round, index) => rate(round) / rate(bare[index] ?? round)),
    (value) => value.toFixed(2),
  );
  return [
    { label: "Bare Next page", ...overRounds(bare.map(rate), perSecond) },
    { label: "Settings page", ...overRounds(settings.map(rate), perSecond) },
    {
      label: "  relative to the bare page",
      ...ratio,
      limit: `≥ ${MIN_RATIO}`,
      isWithin: ratio.middle >= MIN_RATIO,
    },
  ];
}

function toRemark({ bare, settings }: Record<"bare" | "settings", Round[]>): string {
  const ms = (value = 0) => `${value.toFixed(1)} ms`;
  const { node, postgres } = cpuEach(settings);
  return `CPU of one page: bare ${ms(cpuEach(bare).node)}; settings: node ${ms(node)}, PostgreSQL ${ms(postgres)}.`;
}
