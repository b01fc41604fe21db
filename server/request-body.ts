import type { IncomingMessage } from "node:http";
import { isApiAddress } from "./api-address";

/**
 * "too-intricate": Next would need too long to read the form. "turned-away": too many bodies are arriving. "gone": the
 * client disconnected before the body's end.
 */
export type BodyAdmission = "admitted" | "too-large" | "too-intricate" | "turned-away" | "gone";

/**
 * The largest body of a REST call or a form, in bytes; many times what any client or page sends. An incomplete body is
 * held in memory for up to 30 seconds, and anyone may open any number of connections, so this limit and the one for all
 * bodies together bound the server's memory use.
 */
export const MAX_BODY_BYTES = 65_536;

/** What is allocated for a body at first, in bytes: more than most of them have. */
const FIRST_ALLOCATION = 1_024;

/**
 * How much memory the bodies that are arriving may take together, in bytes: as much as a thousand of the largest. A
 * client can send all but the end of one on each of its connections, which are many where a process may open many files;
 * or sixteen whole ones on each behind a request whose answer it does not read.
 */
const ARRIVING_ROOM = 1_000 * MAX_BODY_BYTES;

/**
 * More signs `$` than any form has: three of the longest passwords, of nothing else, have 768. React takes each for a
 * reference to other data, and opens a stream for some: as many as fit into one body block the event loop for a fifth of
 * a second, and take 100 MB.
 */
const MAX_REFERENCES = 1_000;
/** `$` in any of the encodings that Next decodes: as it is, as an escape of JSON, and either of them in UTF-16. */
const REFERENCE = /\$|u\0?0\0?0\0?2\0?4/i;
/** The header of a part in yet another encoding, Base64. No browser sends it (RFC 7578, 4.7). */
const PACKED_PART = /\ncontent-transfer-encoding:/i;

/** Whether a form, or an action's arguments, would keep Next busy for longer than any that our pages send. */
function isTooIntricate(body: Buffer): boolean {
  const text = body.toString("latin1");
  return text.split(REFERENCE, MAX_REFERENCES + 2).length > MAX_REFERENCES + 1 || PACKED_PART.test(text);
}

/**
 * Joins the pieces of a body as they arrive. A client may send each byte as a piece of its own, and a buffer for each
 * would take hundreds of times the memory of the body.
 */
function createBodyBuffer() {
  let buffer = Buffer.alloc(0);
  let size = 0;
  return {
    /** Adds a piece, unless the body would then be larger than `MAX_BODY_BYTES`. @returns whether it was added */
    add(piece: Buffer): boolean {
      const joined = size + piece.length;
      if (joined > MAX_BODY_BYTES) return false;
      if (joined > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(
          Math.min(MAX_BODY_BYTES, Math.max(FIRST_ALLOCATION, 2 * joined)),
        );
        buffer.copy(larger, 0, 0, size);
        buffer = larger;
      }
      piece.copy(buffer, size);
      size = joined;
      return true;
    },
    whole: (): Buffer => buffer.subarray(0, size),
    /** How much memory is allocated, in bytes. */
    allocated: (): number => buffer.length,
    /** Releases the memory. */
    drop(): void {
      buffer = Buffer.alloc(0);
      size = 0;
    },
  };
}

/**
 * Creates a function that holds a request back until its body has arrived whole and is known to be small enough, so that
 * no handler waits for a slow client. A request that is not admitted must not be used.
 * @param room how much memory the bodies may take that are arriving, or have arrived before their request's `turn` on its
 *   connection. When they take more, the one that began first is turned away, or if it has arrived, its connection is
 *   dropped: an ordinary one arrives at once, in its turn
 */
export function createBodyAdmission({
  room = ARRIVING_ROOM,
} = {}): (request: IncomingMessage, turn: Promise<boolean>) => Promise<BodyAdmission> | BodyAdmission {
  /** The bodies that take room, in the order in which they began. */
  const arriving = new Map<IncomingMessage, { size: number; turnAway: () => void }>();
  let taken = 0;

  function note(request: IncomingMessage, size: number, turnAway: () => void): void {
    taken += size - (arriving.get(request)?.size ?? 0);
    arriving.set(request, { size, turnAway });
    for (const [, oldest] of arriving) {
      if (taken <= room) return;
      oldest.turnAway();
    }
  }

  function forget(request: IncomingMessage): void {
    taken -= arriving.get(request)?.size ?? 0;
    arriving.delete(request);
  }

  return (request, turn) => {
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    if (Number(length ?? 0) > MAX_BODY_BYTES) return "too-large";
    const isAwaited = encoding !== undefined || Number(length ?? 0) > 0;
    if (!isAwaited) return "admitted";
    return new Promise((resolve) => {
      // The parser delivers the body through `push`. The whole body is pushed the same way afterwards, so that the
      // handler sees an ordinary stream.
      const push = request.push;
      const body = createBodyBuffer();
      const settle = (admission: BodyAdmission) => {
        request.push = push;
        if (admission === "admitted") {
          note(request, body.allocated(), () => {
            forget(request);
            request.socket.destroy();
          });
          void turn.then(() => forget(request));
        } else {
          forget(request);
          body.drop();
        }
        resolve(admission);
      };
      request.push = (chunk: Buffer | null) => {
        if (chunk === null) {
          const whole = body.whole();
          const isForm = !isApiAddress(request.url ?? "");
          const isRefused = isForm && isTooIntricate(whole);
          settle(isRefused ? "too-intricate" : "admitted");
          if (!isRefused) request.push(whole);
          return request.push(null);
        }
        if (body.add(chunk)) note(request, body.allocated(), () => settle("turned-away"));
        else settle("too-large");
        return true;
      };
      request.once("close", () => settle("gone"));
    });
  };
}
