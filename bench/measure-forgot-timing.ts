import { httpClient } from "./http-client";
import { pageForm } from "./page-form";
import { areaUnderCurve, shuffled } from "./statistics";
import type { Row } from "./table";
import type { verbJobs } from "./verb";
import type { Worker } from "./worker";

const SAMPLES = 300;
const TOLERANCE = 0.06;
/** How many blocks, of one request of each kind, stay below the rate limit of a network address. */
const BLOCKS_BETWEEN_LIMITS = 7;

const labels = { known: "known", invited: "not activated", disabled: "disabled" } as const;

/**
 * Measures how well the response time of "Forgot your password?" distinguishes unknown addresses from known ones, over
 * HTTP and with the server's workers running. ASVS 6.3.8
 */
export async function measureForgotTiming(verb: Worker<typeof verbJobs>, port: number): Promise<Row[]> {
  const accounts = await verb.call("makeResetAccounts", { samples: SAMPLES });
  const kinds = Object.keys(accounts) as (keyof typeof accounts)[];
  const times = { unknown: [], known: [], invited: [], disabled: [] } as Record<
    keyof typeof accounts,
    number[]
  >;
  const client = httpClient(port);
  const send = await pageForm(client, "/forgot-password");
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    if (sample % BLOCKS_BETWEEN_LIMITS === 0) await verb.call("resetRateLimits", null);
    for (const kind of shuffled(kinds)) {
      const email = accounts[kind][sample] ?? "";
      const begun = performance.now();
      const { status, body } = await send({ email });
      times[kind].push(performance.now() - begun);
      if (status !== 200 || !body.includes("Check your mail"))
        throw new Error(`A forgotten password was answered with ${status}.`);
    }
  }
  client.close();
  return (Object.keys(labels) as (keyof typeof labels)[]).map((kind) => {
    const area = areaUnderCurve(times[kind], times.unknown);
    return {
      label: `Timing, forgotten, ${labels[kind]}`,
      value: area.toFixed(3),
      limit: `0.5 ± ${TOLERANCE}`,
      isWithin: Math.abs(area - 0.5) <= TOLERANCE,
      note: `AUC against an unknown address over HTTP, ${SAMPLES} samples each`,
    };
  });
}
