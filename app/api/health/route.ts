import { setTimeout as sleep } from "node:timers/promises";
import { connection } from "next/server";
import { type DatabaseState, databaseState } from "@/lib/core/db";
import { readOnlyRoute } from "@/lib/request/route";

const TIMEOUT_MS = 1_500;

async function stateInTime(): Promise<DatabaseState | "down"> {
  const answer = databaseState().catch(() => "down" as const);
  return Promise.race([answer, sleep(TIMEOUT_MS, "down" as const, { ref: false })]);
}

/**
 * Reports whether the process can serve: 200, or 503 if its database does not answer, is read-only or is empty, for
 * load balancers. Needs no session and gives no details.
 */
async function health(): Promise<Response> {
  await connection();
  const database = await stateInTime();
  const isUp = database === "up";
  return Response.json(
    { status: isUp ? "up" : "down", database },
    { status: isUp ? 200 : 503, headers: { "Cache-Control": "no-store" } },
  );
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = readOnlyRoute(health);
