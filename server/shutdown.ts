import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/core/log";

/** How long requests under way may take to finish. */
const DRAIN_MS = 10_000;
const SWEEP_MS = 25;
/** npm forwards the Ctrl-C that the terminal has sent to us as well; only a later signal counts as a second one. */
const SAME_SIGNAL_MS = 800;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const EXIT_FORCED = 130;

/**
 * Stops listening and waits for answers under way, then closes all connections.
 * @param withinMs how long it waits
 */
export async function drain(server: Server, withinMs = DRAIN_MS): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // After its answer a keep-alive connection still counts as open, until it is closed as idle.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  await Promise.race([closed, sleep(withinMs, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
}

/** Collects what a start has opened, and closes it in reverse order: on a signal, a failed start or a fatal error. */
export class Shutdown {
  private readonly steps: { name: string; close: () => Promise<unknown> }[] = [];
  private done: Promise<void> | undefined;

  add(name: string, close: () => Promise<unknown>): void {
    this.steps.push({ name, close });
  }

  get hasBegun(): boolean {
    return this.done !== undefined;
  }

  /** Closes everything, once; a failing step does not prevent the others. */
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
   * Shuts down and ends the process on SIGINT, SIGTERM and SIGHUP; a second signal ends it at once.
   *
   * @param started settles when the start has succeeded or failed: what it is about to open must be closed too
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
