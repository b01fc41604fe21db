import type { Server } from "node:http";
import { Server as ListeningServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/core/log";

/** How long requests under way may take to finish. */
const DRAIN_MS = 10_000;
/**
 * How long idle connections stay open at first. A proxy may be sending a request on one, and a POST that gets no answer
 * is an error for its client. On a busy proxy all that it uses get a request meanwhile, whose answer closes them.
 */
const IDLE_MS = 500;
const SWEEP_MS = 25;
/** How long a request's head may take to arrive from then on. */
const HEAD_MS = 1_000;
/** npm forwards the Ctrl-C that the terminal has sent to us as well; only a later signal counts as a second one. */
const SAME_SIGNAL_MS = 800;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const EXIT_FORCED = 130;

/**
 * Stops listening and waits for answers under way and requests that are arriving, then closes all connections.
 * @param withinMs how long it waits
 */
export async function drain(server: Server, withinMs = DRAIN_MS): Promise<void> {
  // The method of an HTTP server would close idle connections at once.
  const closed = new Promise<void>((resolve) => {
    ListeningServer.prototype.close.call(server, () => resolve());
  });
  const within = (ms: number) => Promise.race([closed, sleep(ms, undefined, { ref: false })]);
  await within(Math.min(IDLE_MS, withinMs));
  // A connection that has never been used, such as a browser's spare one, counts as one on which a head is arriving.
  server.headersTimeout = HEAD_MS;
  // After its answer a keep-alive connection still counts as open, until it is closed as idle.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  await within(withinMs);
  clearInterval(sweep);
  server.closeAllConnections();
}

/** Collects what a start has opened, and closes it in reverse order: on a signal, a failed start or a fatal error. */
export class Shutdown {
  private readonly steps: { name: string; close: () => Promise<unknown> }[] = [];
  private done: Promise<void> | undefined;
  private readonly asking = new AbortController();
  /** Aborted when a signal asks the process to end: a start that is under way then migrates no further, and does not listen. */
  readonly asked = this.asking.signal;

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

  /** Closes everything, and ends the process. */
  async exit(code: number): Promise<never> {
    await this.run();
    process.exit(code);
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
          this.asking.abort();
          const settled = started.catch(() => undefined);
          void settled.then(() => this.exit(0));
        } else if (performance.now() - first > SAME_SIGNAL_MS) {
          process.exit(EXIT_FORCED);
        }
      });
    }
  }
}
