import { log } from "@/lib/core/log";

/** The wall clock and a monotonic clock, read together, in milliseconds. */
export type ClockReading = Readonly<{ wall: number; steady: number }>;

const CHECK_INTERVAL_MS = 10_000;
/** NTP's gradual corrections and the delays of a busy process stay below this. */
const NOTABLE_MS = 5_000;

/** Returns by how many seconds the wall clock was set back between two readings; 0 if it is not worth a warning. */
export function secondsSetBack(before: ClockReading, after: ClockReading): number {
  const lost = after.steady - before.steady - (after.wall - before.wall);
  return lost < NOTABLE_MS ? 0 : Math.round(lost / 1000);
}

const read = (): ClockReading => ({ wall: Date.now(), steady: performance.now() });

/** Logs when the clock was set back: locks, links and mails then wait for longer, and people have to log in again. */
export function watchClock(): void {
  let last = read();
  setInterval(() => {
    const now = read();
    const seconds = secondsSetBack(last, now);
    last = now;
    if (seconds > 0) log().warn({ event: "clock-set-back", seconds });
  }, CHECK_INTERVAL_MS).unref();
}
