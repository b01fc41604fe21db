// The other end of `startWorkers`: answers calls over IPC until the channel closes.
import { closeDatabase } from "@/lib/core/db";
import "./patient-hashes";
import { verbs } from "./worker";
import type { Answer, Call } from "./workers";

const table: Record<string, (...args: never[]) => Promise<unknown>> = verbs;

async function answer({ id, verb, args }: Call): Promise<Answer> {
  try {
    const call = table[verb];
    if (!call) throw new Error(`There is no verb ${verb} in tests/support/worker.ts.`);
    return { id, value: await call(...(args as never[])) };
  } catch (error) {
    const { name, message, stack, code } = error as Error & { code?: unknown };
    return { id, error: { name, message, stack, code } };
  }
}

process.on("message", (call: Call) => {
  void answer(call).then((result) => {
    if (process.connected) process.send?.(result);
  });
});
process.on("disconnect", () => {
  void closeDatabase().finally(() => process.exit(0));
});
process.send?.("ready");
