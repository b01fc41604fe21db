import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** How many pipelined requests may wait on one connection; browsers and proxies do not pipeline. */
const MAX_WAITING = 16;

/** A connection's state: whether one of its requests is being answered, and the requests that wait for their turn. */
type Queue = { isBusy: boolean; waiting: ((isTurn: boolean) => void)[] };

/**
 * Has the pipelined requests of a connection handled one after the other, in the order of their answers (RFC 9112,
 * 9.3.2): each begins when the previous answer has been sent. Otherwise a client that sends a thousand at once and
 * reads nothing would have a thousand pages rendered and held in memory, and others would wait for the database.
 *
 * @returns a function whose promise a request awaits before it begins; false means that it must not begin, because its
 * connection is gone, was ended by an answer (RFC 9112, 9.6), or is dropped for too many requests
 */
export function createPipelineQueue(): (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean> {
  const queues = new WeakMap<Duplex, Queue>();

  function queueOf(socket: Duplex): Queue {
    const known = queues.get(socket);
    if (known) return known;
    const queue: Queue = { isBusy: false, waiting: [] };
    queues.set(socket, queue);
    socket.once("close", () => {
      for (const begin of queue.waiting.splice(0)) begin(false);
    });
    return queue;
  }

  return ({ socket }, response) =>
    new Promise((resolve) => {
      const queue = queueOf(socket);
      const begin = (isTurn: boolean) => {
        queue.isBusy = isTurn;
        // After its last answer a connection is no longer writable, but not destroyed yet.
        if (isTurn) response.once("close", () => (queue.waiting.shift() ?? leave)(socket.writable));
        resolve(isTurn);
      };
      const leave = () => {
        queue.isBusy = false;
      };
      if (queue.waiting.length >= MAX_WAITING) socket.destroy();
      if (socket.destroyed) resolve(false);
      else if (queue.isBusy) queue.waiting.push(begin);
      else begin(true);
    });
}
