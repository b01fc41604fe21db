import { randomUUID } from "node:crypto";
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "@/lib/core/log";
import { errorBody, type RestErrorName, restErrors } from "@/lib/request/rest-errors";

/** What Node's parser calls it, and what it is for whoever sent it; anything else it could not read. */
const REASONS: Readonly<Record<string, RestErrorName>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "too-slow",
  HPE_HEADER_OVERFLOW: "headers-too-large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "too-large",
};

/**
 * Answers a request that did not come to its end, or was none, and hangs up. What it asked for may not be known; who
 * sends such is a program, and is answered as programs are.
 *
 * @param response the answer to it, or to the request before it on this connection
 */
export function answerBroken(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  response: ServerResponse | undefined,
  headers: readonly (readonly [string, string])[],
): void {
  const isBegun = response?.headersSent && !response.writableEnded;
  // Browsers open connections ahead of their needs; nobody asked for anything on those.
  const isUnused = "bytesRead" in socket && socket.bytesRead === 0;
  if (error.code === "ECONNRESET" || !socket.writable || isBegun || isUnused) {
    socket.destroy();
    return;
  }
  const isUnderWay = response !== undefined && !response.headersSent;
  const name = REASONS[error.code ?? ""] ?? "unreadable";
  const { status } = restErrors[name];
  const requestId = isUnderWay ? String(response.getHeader("X-Request-Id")) : randomUUID();
  // A request that was begun has its line in the log when it closes.
  if (isUnderWay) response.statusCode = status;
  else log().info({ event: "request-broken", requestId, status, code: error.code });
  const body = JSON.stringify(errorBody(name));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `X-Request-Id: ${requestId}`,
    ...headers.map(([header, value]) => `${header}: ${value}`),
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
