import { areaUnderCurve } from "./statistics";
import type { Row } from "./table";
import type { Kind, verbJobs } from "./verb";
import type { Worker } from "./worker";

/** With this many samples the area's standard error is 0.017 (Hanley and McNeil, 1982); 0.06 off is no coincidence. */
const SAMPLES = 600;
const TOLERANCE = 0.06;

const labels: Readonly<Record<Exclude<Kind, "unknown">, string>> = {
  wrong: "wrong password",
  invited: "not activated",
  disabled: "disabled, right password",
  locked: "locked, right password",
};

/** Measures how well the response time of a refusal distinguishes unknown addresses from known ones. ASVS 6.3.8 */
export async function measureTiming(verb: Worker<typeof verbJobs>): Promise<Row[]> {
  const times = await verb.call("timeRefusals", { samples: SAMPLES });
  return (Object.keys(labels) as (keyof typeof labels)[]).map((kind) => {
    const area = areaUnderCurve(times[kind], times.unknown);
    return {
      label: `Timing, ${labels[kind]}`,
      value: area.toFixed(3),
      limit: `0.5 ± ${TOLERANCE}`,
      isWithin: Math.abs(area - 0.5) <= TOLERANCE,
      note: `AUC against an unknown address, ${SAMPLES} samples each`,
    };
  });
}
