import type { IncomingMessage } from "node:http";
import { log } from "@/lib/core/log";
import type { Rejection } from "./admission";
import type { FrontResponse } from "./front-response";

const MAX_LOGGED_NAME = 260;
/** What Node takes for the status of an answer until it gets another one. */
const DEFAULT_STATUS = 200;

/** A request as it may be logged: its path, the client's address and, if the front rejected it, why. */
export type LoggedRequest = Readonly<{ path: string; address: string }> & { refused?: LoggedRejection };

type LoggedRejection = Readonly<{ reason: Rejection["error"]; host?: string; origin?: string }>;

/** Describes a rejection for the log, with the host and origin, which a misconfigured proxy may have got wrong. */
export function rejectionForLog(
  { headers }: IncomingMessage,
  host: string | undefined,
  { error: reason }: Rejection,
): LoggedRejection {
  const named = host === undefined ? {} : { host: host.slice(0, MAX_LOGGED_NAME) };
  const { origin } = headers;
  if (reason === "misdirected") return { reason, ...named };
  if (reason !== "forbidden") return { reason };
  return { reason, ...named, ...(origin !== undefined && { origin: origin.slice(0, MAX_LOGGED_NAME) }) };
}

/**
 * Logs a request, with its status and how long it took, once its answer was sent or its client is gone. It has no status
 * if the client has gone before the answer got one.
 */
export function logWhenDone(
  request: IncomingMessage,
  response: FrontResponse,
  requestId: string,
  logged: LoggedRequest,
): void {
  const begun = performance.now();
  const { method } = request;
  response.once("close", () => {
    const { path, address, refused } = logged;
    const { statusCode, sentStatus, headersSent } = response;
    const status = sentStatus ?? statusCode;
    log().info({
      event: "request",
      requestId,
      method,
      path,
      ...((headersSent || status !== DEFAULT_STATUS) && { status }),
      ms: Math.round((performance.now() - begun) * 10) / 10,
      address,
      ...(refused && { refused }),
      ...(!response.writableFinished && { aborted: true }),
    });
  });
}
