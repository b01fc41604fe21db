// A separate process that runs a PostgreSQL until its parent ends, however that ends.
import { startThrowawayDatabase } from "@/server/throwaway-database";

const postgres = await startThrowawayDatabase();

async function end(): Promise<void> {
  await postgres.stop();
  process.exit(0);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end());
process.on("disconnect", () => void end());
if (process.connected) process.send?.(postgres.url);
else await end();
