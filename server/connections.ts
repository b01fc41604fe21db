import type { Server } from "node:http";
import { log } from "@/lib/core/log";

/**
 * Descriptors for whatever is no client's connection: the database's connections, mail, the code of pages that nobody has
 * asked for yet. What could not be loaded once, Next does not try to load again.
 */
const RESERVE = 96;
const TELL_EVERY_MS = 60_000;

/** How many files this process may have open; Infinity where nothing says so. */
function openFilesLimit(): number {
  // It would ask DNS, and wait, for the name of the database's host.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | "unlimited" } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}

/** How many clients there is room for among so many open files: each may be at reading one. */
export function mostConnections(openFiles: number): number {
  return Math.max(1, Math.floor((openFiles - RESERVE) / 2));
}

/** Hangs up on clients for whom there is no room, before the process can open nothing any more. */
export function limitConnections(server: Server, openFiles = openFilesLimit()): void {
  const most = mostConnections(openFiles);
  if (most === Number.POSITIVE_INFINITY) return;
  server.maxConnections = most;
  let toldAt = Number.NEGATIVE_INFINITY;
  server.on("drop", () => {
    const now = performance.now();
    if (now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    log().warn({ event: "connections-full", most });
  });
}
