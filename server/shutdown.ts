import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/core/log";

/** What is still under way may finish, for so long. */
const DRAIN_MS = 10_000;
const SWEEP_MS = 25;
/** npm passes on the Ctrl-C that the terminal has sent to us as well; only a later one is a second one. */
const SAME_SIGNAL_MS = 800;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const EXIT_FORCED = 130;

/** Stops listening and waits for the answers under way; what then remains is cut off. */
export async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose answer has gone out is kept alive, and counts as open, until it is closed as idle.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const waiting = new AbortController();
  await Promise.race([closed, sleep(DRAIN_MS, undefined, { signal: waiting.signal }).catch(() => undefined)]);
  waiting.abort();
  clearInterval(sweep);
  server.closeAllConnections();
}

/** What a start has opened, to be closed in the reverse order: at a signal, at a failed start, at a fatal error. */
export class Shutdown {
  private readonly steps: { name: string; close: () => Promise<unknown> }[] = [];
  private done: Promise<void> | undefined;

  add(name: string, close: () => Promise<unknown>): void {
    this.steps.push({ name, close });
  }

  get hasBegun(): boolean {
    return this.done !== undefined;
  }

  /** Closes everything, once; a step that fails does not keep the others from it. */
  run(): Promise<void> {
    this.done ??= (async () => {
      for (const { name, close } of this.steps.reverse()) {
        await close().catch((err: unknown) =>
          log().error({ event: "shutdown-step-failed", step: name, err }),
        );
      }
    })();
    return this.done;
  }

  /**
   * Ends the process at Ctrl-C and SIGTERM; at once when asked again.
   *
   * @param started resolves when the start has come to its end, either way: what it is about to open must be closed too
   */
  onSignal(started: Promise<unknown>, say: (line: string) => void): void {
    let first: number | undefined;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (first === undefined) {
          first = performance.now();
          say("Stopping …");
          const settled = started.catch(() => undefined);
          void settled.then(() => this.run()).then(() => process.exit(0));
        } else if (performance.now() - first > SAME_SIGNAL_MS) {
          process.exit(EXIT_FORCED);
        }
      });
    }
  }
}
