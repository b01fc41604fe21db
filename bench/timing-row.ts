import { areaUnderCurve } from "@/tests/support/area-under-curve";
import type { Row } from "./table";

/** With this many samples the area's standard error is 0.017 (Hanley and McNeil, 1982); 0.06 off is no coincidence. */
export const SAMPLES = 600;
const TOLERANCE = 0.06;

/**
 * Describes how well response times distinguish addresses of one kind from unknown ones. ASVS 6.3.8
 * @param times in milliseconds, `SAMPLES` of each
 */
export function timingRow(
  label: string,
  { times, unknown, how = "" }: { times: readonly number[]; unknown: readonly number[]; how?: string },
): Row {
  const area = areaUnderCurve(times, unknown);
  return {
    label: `Timing, ${label}`,
    value: area.toFixed(3),
    limit: `0.5 ± ${TOLERANCE}`,
    isWithin: Math.abs(area - 0.5) <= TOLERANCE,
    note: `AUC against an unknown address${how}, ${SAMPLES} samples each`,
  };
}
