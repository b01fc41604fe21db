import type { Row } from "./table";
import { SAMPLES, timingRow } from "./timing-row";
import type { Kind, verbJobs } from "./verb";
import type { Worker } from "./worker";

const labels: Readonly<Record<Exclude<Kind, "unknown">, string>> = {
  wrong: "wrong password",
  invited: "not activated",
  disabled: "disabled, right password",
  locked: "locked, right password",
};

/** Measures how well the response time of a refusal distinguishes unknown addresses from known ones. */
export async function measureTiming(verb: Worker<typeof verbJobs>): Promise<Row[]> {
  const times = await verb.call("timeRefusals", { samples: SAMPLES });
  return (Object.keys(labels) as (keyof typeof labels)[]).map((kind) =>
    timingRow(labels[kind], { times: times[kind], unknown: times.unknown }),
  );
}
