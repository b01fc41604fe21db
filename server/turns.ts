import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** More requests than any client sends ahead of its answers; browsers and proxies send none. */
const MAX_WAITING = 16;

/** Whether a connection is being answered, and what it has asked besides, which waits for its turn. */
type Line = { isBusy: boolean; waiting: ((isTurn: boolean) => void)[] };

/**
 * Lets the requests that one connection sends at once be answered one after the other, as their answers go out (RFC 9112,
 * 9.3.2): each begins when the answer before it has gone. Else whoever sends a thousand at once and reads nothing has as
 * many pages made at once and held in memory, and everybody else's wait behind them for the database.
 *
 * @returns what a request awaits before it begins; false when it is not to begin, because its connection is gone, was
 * ended by an answer (RFC 9112, 9.6), or is hung up on for sending too many
 */
export function createTurns(): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const lines = new WeakMap<Duplex, Line>();

  function lineOf(socket: Duplex): Line {
    const known = lines.get(socket);
    if (known) return known;
    const line: Line = { isBusy: false, waiting: [] };
    lines.set(socket, line);
    socket.once("close", () => {
      for (const begin of line.waiting.splice(0)) begin(false);
    });
    return line;
  }

  return ({ socket }, response) =>
    new Promise((resolve) => {
      const line = lineOf(socket);
      const begin = (isTurn: boolean) => {
        line.isBusy = isTurn;
        // After its last answer a connection takes no more, and is not destroyed yet.
        if (isTurn) response.once("close", () => (line.waiting.shift() ?? leave)(socket.writable));
        resolve(isTurn);
      };
      const leave = () => {
        line.isBusy = false;
      };
      if (line.waiting.length >= MAX_WAITING) socket.destroy();
      if (socket.destroyed) resolve(false);
      else if (line.isBusy) line.waiting.push(begin);
      else begin(true);
    });
}
