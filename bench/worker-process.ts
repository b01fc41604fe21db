import type { Call, Jobs, Outcome } from "./worker";

/** The other end of `startWorker`: runs the jobs it is sent, and exits when the channel closes or the run ends. */
export function serveJobs(jobs: Jobs, close: () => Promise<void> = async () => undefined): void {
  const table: Readonly<Record<string, (input: never) => Promise<unknown>>> = jobs;
  async function answer({ job, input }: Call): Promise<Outcome> {
    try {
      return { value: await table[job]?.(input as never) };
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }
  const end = () => void close().finally(() => process.exit(0));
  process.on("message", (call: Call) => {
    void answer(call).then((outcome) => process.connected && process.send?.(outcome));
  });
  process.on("disconnect", end);
  process.on("SIGTERM", end);
  process.send?.("ready");
}
