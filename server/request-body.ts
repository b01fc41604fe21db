import type { IncomingMessage, ServerResponse } from "node:http";
import { MAX_BODY_BYTES } from "@/lib/core/limits";
import { errorBody, restErrors } from "@/lib/request/rest-errors";
import type { Rejection } from "./admission";
import { isApiAddress } from "./api-address";

/** "gone": its sender has left before its end. */
type Admission = "admitted" | "too-large" | "gone";

/** How long a client may go on sending what nobody reads, so that it can read our answer before the socket closes. */
const LINGER_MS = 1_000;

/**
 * Holds a request back until its body is known to be small enough: by its announced length at once, and without one
 * by collecting it. When it is not admitted, nothing of it must be used.
 *
 * @param options `isWhole` collects a body of announced length too, so that nobody behind waits for a slow sender
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
    // The parser hands over the body through `push`. What is collected goes the same way afterwards, so that whoever
    // reads the request sees an ordinary stream.
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

/** What a refusal says: JSON to programs, a line of text to everybody else. */
function wordsFor(request: IncomingMessage, { error, text }: Rejection): { type: string; body: string } {
  return isApiAddress(request.url ?? "")
    ? { type: "application/json", body: JSON.stringify(errorBody(error, { message: text })) }
    : { type: "text/plain; charset=utf-8", body: `${text}\n` };
}

/** Answers a request whose body is still on its way, and ends its connection. */
export function answerUnread(request: IncomingMessage, response: ServerResponse, rejection: Rejection): void {
  const { type, body } = wordsFor(request, rejection);
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
