import { httpClient } from "./http-client";
import { pageForm } from "./page-form";
import { shuffled } from "./statistics";
import type { Row } from "./table";
import { SAMPLES, timingRow } from "./timing-row";
import type { verbJobs } from "./verb";
import type { Worker } from "./worker";

/** How many blocks, of one request of each kind, stay below the rate limit of a network address. */
const BLOCKS_BETWEEN_LIMITS = 7;

const labels = { known: "known", invited: "not activated", disabled: "disabled" } as const;

/**
 * Measures how well the response time of "Forgot your password?" distinguishes unknown addresses from known ones, over
 * HTTP and with the server's workers running.
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
      // The measured server has no mail server: the answer says so for every address.
      if (status !== 200 || !body.includes("No mail can be sent yet"))
        throw new Error(`A forgotten password was answered with ${status}.`);
    }
  }
  client.close();
  return (Object.keys(labels) as (keyof typeof labels)[]).map((kind) =>
    timingRow(`forgotten, ${labels[kind]}`, {
      times: times[kind],
      unknown: times.unknown,
      how: " over HTTP",
    }),
  );
}
