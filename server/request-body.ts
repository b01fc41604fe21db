import type { IncomingMessage, ServerResponse } from "node:http";

/** The largest body that any endpoint takes. */
export const MAX_BODY_BYTES = 1_048_576;

/** How long a client may go on sending what nobody reads, so that it can read our answer before the socket closes. */
const LINGER_MS = 1_000;

/**
 * Holds a request back until its body is known to be small enough: by its announced length at once, and without one
 * by collecting it.
 *
 * @returns false when it is too large; nothing of it must be used then
 */
export function admitBody(request: IncomingMessage): Promise<boolean> | boolean {
  const length = request.headers["content-length"];
  if (length !== undefined) return Number(length) <= MAX_BODY_BYTES;
  if (request.headers["transfer-encoding"] === undefined) return true;
  return new Promise((resolve) => {
    // The parser hands over the body through `push`. What is collected goes the same way afterwards, so that whoever
    // reads the request sees an ordinary stream.
    const push = request.push;
    const chunks: Buffer[] = [];
    let total = 0;
    const settle = (isAdmitted: boolean) => {
      request.push = push;
      resolve(isAdmitted);
    };
    request.push = (chunk: Buffer | null) => {
      if (chunk === null) {
        settle(true);
        for (const held of chunks) request.push(held);
        return request.push(null);
      }
      total += chunk.length;
      if (total > MAX_BODY_BYTES) {
        chunks.length = 0;
        settle(false);
      } else {
        chunks.push(chunk);
      }
      return true;
    };
    request.once("close", () => settle(false));
  });
}

/** Answers a request whose body is still on its way, and ends its connection. */
export function answerUnread(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
): void {
  const body = `${text}\n`;
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
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
