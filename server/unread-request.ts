import type { IncomingMessage, ServerResponse } from "node:http";
import { errorBody, restErrors } from "@/lib/request/rest-errors";
import type { Rejection } from "./admission";
import { isApiAddress } from "./api-address";

/** How long to discard what a refused client still sends, so that it can read our answer before the socket closes. */
const LINGER_MS = 1_000;

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
    ...(rejection.retryAfterSeconds && { "Retry-After": rejection.retryAfterSeconds }),
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
