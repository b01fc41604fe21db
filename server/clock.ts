import { log } from "@/lib/core/log";

/** The time of day and a clock that only ever goes forwards, read together, in milliseconds. */
export type ClockReading = Readonly<{ wall: number; steady: number }>;

const LOOK_MS = 10_000;
/** What time servers correct bit by bit, and what a busy process notices late, is less. */
const NOTABLE_MS = 5_000;

/** By how many seconds the time of day was set back between two readings; 0 for what is not worth a word. */
export function secondsSetBack(before: ClockReading, after: ClockReading): number {
  const lost = after.steady - before.steady - (after.wall - before.wall);
  return lost < NOTABLE_MS ? 0 : Math.round(lost / 1000);
}

const read = (): ClockReading => ({ wall: Date.now(), steady: performance.now() });

/** Says in the log that the clock was set back: locks, links and mails then wait for longer, and people log in again. */
export function watchClock(): void {
  let last = read();
  setInterval(() => {
    const now = read();
    const seconds = secondsSetBack(last, now);
    last = now;
    if (seconds > 0) log().warn({ event: "clock-set-back", seconds });
  }, LOOK_MS).unref();
}
