import type { Server } from "node:http";
import { log } from "@/lib/core/log";

/**
 * File descriptors kept for everything but client connections: the database, mail, the code of pages that nobody has
 * requested yet. Next does not retry a module that it once failed to load.
 */
const RESERVE = 96;
const WARNING_INTERVAL_MS = 60_000;
/** How often idle connections are looked for, at most: there may be many thousands to look through. */
const CLEARING_INTERVAL_MS = 1_000;

/** Returns how many files this process may have open; Infinity if the platform reports no limit. */
function openFilesLimit(): number {
  // The network section would make the report wait for a DNS lookup of the database's host.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | "unlimited" } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}

/** Returns how many clients fit into a limit of open files: each may have a file being read as well. */
export function mostConnections(openFiles: number): number {
  return Math.max(1, Math.floor((openFiles - RESERVE) / 2));
}

/**
 * Drops connections for which there is no room, before the process runs out of file descriptors. With the last room
 * taken, all connections end that wait for nothing. Otherwise one client that asks once on each of its connections, and
 * then keeps them, would shut everybody else out.
 */
export function limitConnections(server: Server, openFiles = openFilesLimit()): void {
  const most = mostConnections(openFiles);
  if (most === Number.POSITIVE_INFINITY) return;
  server.maxConnections = most;
  let warnedAt = Number.NEGATIVE_INFINITY;
  let clearedAt = Number.NEGATIVE_INFINITY;
  let open = 0;
  const clearIdle = () => {
    const now = performance.now();
    if (now - clearedAt < CLEARING_INTERVAL_MS) return;
    clearedAt = now;
    server.closeIdleConnections();
  };
  server.on("connection", (socket) => {
    open += 1;
    socket.once("close", () => {
      open -= 1;
    });
    if (open >= most) clearIdle();
  });
  server.on("drop", () => {
    clearIdle();
    const now = performance.now();
    if (now - warnedAt < WARNING_INTERVAL_MS) return;
    warnedAt = now;
    log().warn({ event: "connections-full", most });
  });
}
