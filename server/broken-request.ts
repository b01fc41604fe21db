import { randomUUID } from "node:crypto";
import { type ServerResponse, STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { log } from "@/lib/core/log";
import { errorBody, type RestErrorName, restErrors } from "@/lib/request/rest-errors";
import { clientAddress } from "./client-address";

/** The REST error for each error code of Node's HTTP parser; every other code counts as unreadable. */
const REASONS: Readonly<Record<string, RestErrorName>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "too-slow",
  HPE_HEADER_OVERFLOW: "headers-too-large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "too-large",
};

/**
 * Answers an incomplete or malformed request, and closes the connection. The path may be unknown; no browser sends such
 * a request, so the answer is JSON, as in the API.
 *
 * @param response the response that its connection is for now: to it, or to a request before it
 */
export function answerBroken(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  response: ServerResponse | undefined,
  headers: readonly (readonly [string, string])[],
): void {
  const isBegun = response?.headersSent && !response.writableEnded;
  // Browsers open spare connections, on which they have sent nothing yet.
  const isUnused = "bytesRead" in socket && socket.bytesRead === 0;
  if (error.code === "ECONNRESET" || !socket.writable || isBegun || isUnused) {
    socket.destroy();
    return;
  }
  const isUnderWay = response !== undefined && !response.headersSent;
  const name = REASONS[error.code ?? ""] ?? "unreadable";
  const { status } = restErrors[name];
  // The peer's, which may be a proxy: what could not be read has no headers that say more.
  const address = clientAddress(socket instanceof Socket ? socket.remoteAddress : undefined, undefined, 0);
  const requestId = isUnderWay ? String(response.getHeader("X-Request-Id")) : randomUUID();
  // A request that is being handled gets its log line when its response closes.
  if (isUnderWay) response.statusCode = status;
  else log().info({ event: "request-broken", requestId, status, code: error.code, address });
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
