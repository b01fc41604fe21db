import "server-only";
import type { Origin } from "./actor";

/** The header in which the HTTP front passes on the client's address; the front removes a client's own. */
export const ADDRESS_HEADER = "x-gatehouse-address";
/** The header in which the front passes on the id that it gives each request; the answer carries the same id. */
export const REQUEST_ID_HEADER = "x-request-id";

/** The header in which the front passes on the requested path, without secrets, fit to be stored and shown. */
export const PATH_HEADER = "x-gatehouse-path";

/** The header in which the gate tells an action why it could not check the session; the front removes a client's. */
export const GATE_FAILURE_HEADER = "x-gatehouse-failure";

/**
 * The header in which a route tells the front that its answer has no content, so that the front sends a length of 0; no
 * client sees the header. Next drops a length that a route sets, and streams every answer in chunks.
 */
export const EMPTY_HEADER = "x-gatehouse-empty";

/** The longest user agent that is stored, in UTF-16 units; enough to tell browsers apart. The rest is cut off. */
export const MAX_USER_AGENT_LENGTH = 256;

/**
 * Returns where a request came from, fit to be stored and shown: unprintable characters are removed from the user
 * agent, and it is cut to `MAX_USER_AGENT_LENGTH`.
 */
export function originOf(headers: Pick<Headers, "get">): Origin {
  return {
    address: headers.get(ADDRESS_HEADER) ?? "unknown",
    userAgent: printable(headers.get("user-agent") ?? "").slice(0, MAX_USER_AGENT_LENGTH),
    requestId: headers.get(REQUEST_ID_HEADER) ?? "",
  };
}

/** Returns the requested path, without secrets such as the token of a link. */
export function askedPathOf(headers: Pick<Headers, "get">): string {
  return headers.get(PATH_HEADER) ?? "unknown";
}

/** Returns why the gate could not check the session; null if it could. */
export function gateFailureOf(headers: Pick<Headers, "get">): "unavailable" | "unexpected" | null {
  const failure = headers.get(GATE_FAILURE_HEADER);
  return failure === "unavailable" || failure === "unexpected" ? failure : null;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\ud7ff]/g, "");
}
