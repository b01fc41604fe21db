import { setTimeout as sleep } from "node:timers/promises";
import { connection } from "next/server";
import { pingDatabase } from "@/lib/core/db";
import { readOnlyRoute } from "@/lib/request/route";

const TIMEOUT_MS = 1_500;

async function isDatabaseUp(): Promise<boolean> {
  const answer = pingDatabase().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, sleep(TIMEOUT_MS, false, { ref: false })]);
}

/**
 * Reports whether the process and its database answer: 200 or 503, for load balancers. Needs no session and gives no
 * details.
 */
async function health(): Promise<Response> {
  await connection();
  const isUp = await isDatabaseUp();
  return Response.json(
    { status: isUp ? "up" : "down", database: isUp ? "up" : "down" },
    { status: isUp ? 200 : 503, headers: { "Cache-Control": "no-store" } },
  );
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = readOnlyRoute(health);
