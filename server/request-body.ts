import type { IncomingMessage, ServerResponse } from "node:http";
import { MAX_BODY_BYTES } from "@/lib/core/limits";
import { errorBody, restErrors } from "@/lib/request/rest-errors";
import type { Rejection } from "./admission";
import { isApiAddress } from "./api-address";

/** "gone": the client disconnected before the end of the body. */
type Admission = "admitted" | "too-large" | "gone";

/** How long to discard what a refused client still sends, so that it can read our answer before the socket closes. */
const LINGER_MS = 1_000;

/**
 * Holds a request back until its body is known to be small enough: at once by its Content-Length, or, without one, by
 * buffering it. A request that is not admitted must not be used.
 *
 * @param options `isWhole` buffers a body with a Content-Length too, so that no handler waits for a slow client
 */
export function admitBody(
  request: IncomingMessage,
  { isWhole }: Readonly<{ isWhole: boolean }>,
): Promise<Admission> | Admission {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (Number(length ?? 0) > MAX_BODY_BYTES) return "too-large";
  const isAwaited = encoding !== undefined || (isWhole && Number(length ?? 0) > 0);
  if (!isAwaited) return "admitted";
  return new Promise((resolve) => {
    // The parser delivers the body through `push`. The buffered chunks are pushed the same way afterwards, so that the
    // handler sees an ordinary stream.
    const push = request.push;
    const chunks: Buffer[] = [];
    let total = 0;
    const settle = (admission: Admission) => {
      request.push = push;
      resolve(admission);
    };
    request.push = (chunk: Buffer | null) => {
      if (chunk === null) {
        settle("admitted");
        for (const held of chunks) request.push(held);
        return request.push(null);
      }
      total += chunk.length;
      if (total > MAX_BODY_BYTES) {
        chunks.length = 0;
        settle("too-large");
      } else {
        chunks.push(chunk);
      }
      return true;
    };
    request.once("close", () => settle("gone"));
  });
}

/** Returns the content of a rejection: JSON for calls, a line of text for everything else. */
function contentFor(request: IncomingMessage, { error, text }: Rejection): { type: string; body: string } {
  return isApiAddress(request.url ?? "")
    ? { type: "application/json", body: JSON.stringify(errorBody(error, { message: text })) }
    : { type: "text/plain; charset=utf-8", body: `${text}\n` };
}

/** Answers a request whose body may still be arriving, and closes its connection. */
export function answerUnread(request: IncomingMessage, response: ServerResponse, rejection: Rejection): void {
  const { type, body } = contentFor(request, rejection);
  response.writeHead(restErrors[rejection.error].status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    ...(rejection.allow && { Allow: rejection.allow }),
    Connection: "close",
  });
  response.write(body);
  const close = () => {
    clearTimeout(timer);
    response.end();
    request.destroy();
  };
  const timer = setTimeout(close, LINGER_MS);
  request.once("end", close).once("error", close).resume();
}
