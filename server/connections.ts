import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { log } from "@/lib/core/log";
import type { FrontResponse } from "./front-response";

/**
 * File descriptors kept for everything but client connections: the database, mail, the code of pages that nobody has
 * requested yet. Next does not retry a module that it once failed to load.
 */
const RESERVE = 96;
const WARNING_INTERVAL_MS = 60_000;
/** How often connections to end are looked for, at most: there may be many thousands to look through. */
const CLEARING_INTERVAL_MS = 1_000;
/** How long after its last answer a client may take for a request, headers and body, while there is no room for others. */
const ASKING_MS = 1_000;
/** The same for an answer: in how long a client must read so many bytes of it, or all that was written. */
const READING_MS = 10_000;
const READING_BYTES = 256 * 1_024;

/**
 * An open connection. `answers`: those to its requests, in their order, from the first pending one on, or the latest.
 * `since`: when it began, or its client had last read another `READING_BYTES`. `read`: how many bytes the client had read
 * by then, or by the arrival of its latest request.
 */
type Connection = { socket: Socket; answers: FrontResponse[]; since: number; read: number };

/** Returns the answer that a connection is for now: of pipelined requests the first pending one, or else the latest. */
const answerOf = ({ answers }: Connection) =>
  answers.find(({ writableFinished }) => !writableFinished) ?? answers.at(-1);

/** How many bytes the client has read of what was written to it, apart from what is on the way to it. */
const readOf = (socket: Socket) => socket.bytesWritten - socket.writableLength;

/** What the front says to its connections, and asks them. */
export type Connections = Readonly<{
  /** Notes that the headers of a request have arrived. */
  received(response: FrontResponse): void;
  /** Returns the first pending answer of a connection, or its latest. */
  answerOn(socket: Duplex): FrontResponse | undefined;
}>;

/** Returns how many files this process may have open; Infinity if the platform reports no limit. */
export function openFilesLimit(): number {
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

/** Notes how far the client has read. A download may take long; whoever reads it steadily holds nothing up. */
function noteReading(connection: Connection): void {
  const read = readOf(connection.socket);
  if (read - connection.read >= READING_BYTES) Object.assign(connection, { read, since: performance.now() });
}

/** Whether a connection has nothing for the server to do, and has had time enough to change that. */
function isHeldByClient(connection: Connection): boolean {
  const { socket, since } = connection;
  const answer = answerOf(connection);
  const isAsked = answer?.req.complete && !answer.writableFinished;
  const ms = performance.now() - Math.max(since, answer?.since ?? 0);
  return isAsked ? socket.writableLength > 0 && ms >= READING_MS : ms >= ASKING_MS;
}

/**
 * Drops connections for which there is no room, before the process runs out of file descriptors. With the last room
 * taken, all connections end whose clients keep the server waiting: for a request, for the rest of one, or to read an
 * answer. Otherwise one client that only opens connections would shut everybody else out.
 * docs/decisions/0027-what-one-client-can-take-up.md
 */
export function limitConnections(server: Server, openFiles: number): Connections {
  const most = mostConnections(openFiles);
  const connections = new Map<Duplex, Connection>();
  let warnedAt = Number.NEGATIVE_INFINITY;
  let clearedAt = Number.NEGATIVE_INFINITY;

  function makeRoom(): void {
    const now = performance.now();
    if (now - clearedAt < CLEARING_INTERVAL_MS) return;
    clearedAt = now;
    for (const connection of connections.values()) {
      noteReading(connection);
      if (isHeldByClient(connection)) connection.socket.destroy();
    }
  }

  server.maxConnections = most;
  server.on("connection", (socket) => {
    connections.set(socket, { socket, answers: [], since: performance.now(), read: 0 });
    socket.once("close", () => connections.delete(socket));
    if (connections.size >= most) makeRoom();
  });
  server.on("drop", () => {
    makeRoom();
    const now = performance.now();
    if (now - warnedAt < WARNING_INTERVAL_MS) return;
    warnedAt = now;
    log().warn({ event: "connections-full", most });
  });

  return {
    received(answer) {
      const connection = connections.get(answer.req.socket);
      if (connection === undefined) return;
      const { answers, socket } = connection;
      while (answers[0]?.writableFinished) answers.shift();
      answers.push(answer);
      connection.read = readOf(socket);
    },
    answerOn(socket) {
      const connection = connections.get(socket);
      return connection && answerOf(connection);
    },
  };
}
