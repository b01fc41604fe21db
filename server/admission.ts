import type { IncomingMessage } from "node:http";
import { isOwnHost, isSameOrigin } from "@/lib/request/same-origin";

/** Why a request is turned away before anything looks at what it asks. */
export type Rejection = Readonly<{ status: number; text: string }>;

const HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i;
const READING = new Set(["GET", "HEAD"]);
const HEALTH = "/api/health";

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

/** An ordinary path on this server; `http://other/`, `//other` and `\` are how parsers are made to disagree. */
export function isOrdinary(url: string | undefined): boolean {
  return url !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(url);
}

/** Pages are read and posted to; what routes make of other methods is theirs to say. */
function isMethodKnown(method: string, path: string): boolean {
  if (READING.has(method) || method === "POST") return true;
  return path.startsWith("/api/") && ["PUT", "PATCH", "DELETE", "OPTIONS"].includes(method);
}

/** A reader of Node's headers as the Fetch standard has it. */
function fetchHeaders({ headers }: IncomingMessage): Pick<Headers, "get"> {
  return {
    get(name) {
      const value = headers[name];
      return Array.isArray(value) ? value.join(", ") : (value ?? null);
    },
  };
}

/**
 * Whether a request may come in at all: an ordinary path and method, a name that is ours, and, where it could change
 * something by means of a cookie, a page of ours as its origin. Programs under /api/ bring tokens and no cookies.
 * @param host the name by which the client called us
 */
export function rejectionOf(
  request: IncomingMessage,
  host: string | undefined,
  baseUrl: string,
): Rejection | null {
  const { method = "" } = request;
  if (!isOrdinary(request.url)) return { status: 400, text: "This is not a path on this server." };
  const path = pathOf(request);
  if (!isMethodKnown(method, path))
    return { status: 405, text: `${method} is not a method that is known here.` };
  const isKnown = host !== undefined && HOST.test(host) && isOwnHost(host, baseUrl);
  if (!isKnown && path !== HEALTH) {
    return {
      status: 421,
      text: `Gatehouse is at ${baseUrl}. To reach it by another name, set BASE_URL to that.`,
    };
  }
  if (!READING.has(method) && !path.startsWith("/api/") && !isSameOrigin(fetchHeaders(request), baseUrl)) {
    return { status: 403, text: "This request does not come from a page of Gatehouse." };
  }
  return null;
}
