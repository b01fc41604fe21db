import "server-only";
import type { Origin } from "./actor";
import { MAX_USER_AGENT_LENGTH } from "./limits";

/** The header in which the HTTP front tells the client's address; it removes whatever a client sends under that name. */
export const ADDRESS_HEADER = "x-gatehouse-address";
/** In which the front gives each request a name; its answer bears the same. */
export const REQUEST_ID_HEADER = "x-request-id";

/** In which the front tells what is asked for, as it may be stored and shown. */
export const PATH_HEADER = "x-gatehouse-path";

/** In which the gate tells an action why it could not look who is there; a client's is removed too. */
export const GATE_FAILURE_HEADER = "x-gatehouse-failure";

/** Where a request came from, fit to be stored and shown. */
export function originOf(headers: Pick<Headers, "get">): Origin {
  return {
    address: headers.get(ADDRESS_HEADER) ?? "unknown",
    userAgent: printable(headers.get("user-agent") ?? "").slice(0, MAX_USER_AGENT_LENGTH),
    requestId: headers.get(REQUEST_ID_HEADER) ?? "",
  };
}

/** The path that is asked for, without what would sign somebody in. */
export function askedPathOf(headers: Pick<Headers, "get">): string {
  return headers.get(PATH_HEADER) ?? "unknown";
}

/** Why the gate could not look who is there; null where it could. */
export function gateFailureOf(headers: Pick<Headers, "get">): "unavailable" | "unexpected" | null {
  const failure = headers.get(GATE_FAILURE_HEADER);
  return failure === "unavailable" || failure === "unexpected" ? failure : null;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\ud7ff]/g, "");
}
