import type { IncomingMessage } from "node:http";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state.js";
import { isDecodable } from "@/lib/core/percent-encoding";
import type { RestErrorName } from "@/lib/request/rest-errors";
import { isOwnHost, isSameOrigin } from "@/lib/request/same-origin";
import { isApiAddress, isCallPath } from "./api-address";

/** Why the front rejects a request before anything else looks at it. */
export type Rejection = Readonly<{
  error: RestErrorName;
  text: string;
  /** The supported methods, for the `Allow` header. */
  allow?: string;
  retryAfterSeconds?: number;
}>;

const HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i;
const SAFE_METHODS = new Set(["GET", "HEAD"]);
const ROUTE_METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** A file extension; no page's path ends with one. */
const FILE = /\.\w+$/;
/** The health check, which answers whatever the host name, and waits for no other requests than health checks. */
export const HEALTH = "/api/health";

/** Returns the path of a request, without the query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

/** Whether a request target is an ordinary path; `http://other/`, `//other` and `\` can make two parsers disagree. */
export function isOrdinary(url: string | undefined): boolean {
  return url !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(url);
}

/**
 * More than any client needs. Next's parsing time grows with the square of their number: a few thousand, as many as fit
 * into one request, block the event loop for half a second.
 */
const MAX_PARAMETERS = 100;
const MAX_COOKIES = 200;

/** More headers than any client and its proxies send. Next copies them several times: 2,600, as many as fit, cost 20 ms. */
const MAX_HEADERS = 200;

const hasMoreThan = (most: number, list: string, separator: string) =>
  list.split(separator, most + 1).length > most;

/**
 * Query parameters in which Next passes the parts of a path from one of its layers to another. Next renames each one that a
 * client sends, and rewrites the whole address every time: a hundred block the event loop for a tenth of a second.
 */
const NEXT_PARAMETERS = /[?&](?:n|%6e)(?:x|%78)(?:t|%74)(?:[pi]|%50|%49)/i;

/**
 * More commas than any page's router state has, which is about twenty. Each level has at least one, and Next's checking
 * time grows with the square of the depth: as many levels as fit into one request block the event loop for half a second.
 */
const MAX_ROUTER_STATE_COMMAS = 100;

/** Headers of Next's own browser code. A program that sends one would get a redirect instead of the route's answer. */
const NEXT_HEADERS = /^(?:rsc$|next-)/;

/**
 * Normalises a call so that its route answers it. Next itself answers a method such as TRACE; as OPTIONS, which no call
 * supports either, the request reaches its route and gets 405 with the supported methods.
 */
export function normaliseCall(request: IncomingMessage): void {
  if (!ROUTE_METHODS.has(request.method ?? "")) request.method = "OPTIONS";
  for (const name of Object.keys(request.headers)) {
    if (NEXT_HEADERS.test(name)) delete request.headers[name];
  }
  // No call reads a cookie.
  delete request.headers.cookie;
}

/**
 * Whether Next can parse the router state that its browser code sends, and soon; it would answer 500 to an unreadable one.
 */
function isRouterStateReadable({ headers }: IncomingMessage): boolean {
  try {
    const state = headers["next-router-state-tree"];
    if (hasMoreThan(MAX_ROUTER_STATE_COMMAS, decodeURIComponent(String(state)), ",")) return false;
    parseAndValidateFlightRouterState(state);
    return true;
  } catch {
    return false;
  }
}

/** Wraps Node's headers in the `get` of the Fetch standard's `Headers`. */
function fetchHeaders({ headers }: IncomingMessage): Pick<Headers, "get"> {
  return {
    get(name) {
      const value = headers[name];
      return Array.isArray(value) ? value.join(", ") : (value ?? null);
    },
  };
}

/**
 * Returns why a request must not come in, or null. It needs an ordinary path and method and a host name of ours; if it
 * could change something by means of a cookie, also one of our pages as its origin. Calls to /api/ use tokens instead.
 * @param host the host name that the client used
 */
export function rejectionOf(
  request: IncomingMessage,
  host: string | undefined,
  baseUrl: string,
): Rejection | null {
  const { method = "", url = "" } = request;
  const path = pathOf(request);
  const isApi = isApiAddress(url);
  if (isApi && !isCallPath(path)) return { error: "not-found", text: "There is nothing here." };
  // Next answers 500 when a path's escapes are not UTF-8.
  if (!isOrdinary(url) || !isDecodable(path))
    return { error: "bad-request", text: "This path is not valid." };
  if (hasMoreThan(MAX_PARAMETERS, url, "&"))
    return { error: "bad-request", text: "This address has too many parameters." };
  if (NEXT_PARAMETERS.test(url))
    return { error: "bad-request", text: "This address has a parameter that is not supported." };
  if (Object.keys(request.headers).length > MAX_HEADERS)
    return { error: "headers-too-large", text: "This request has too many headers." };
  if (!isApi && hasMoreThan(MAX_COOKIES, request.headers.cookie ?? "", ";"))
    return { error: "headers-too-large", text: "This request has too many cookies." };
  // Pages take GET, HEAD and POST, files only GET and HEAD. API routes answer unsupported methods themselves.
  const isFile = FILE.test(path);
  if (!isApi && !SAFE_METHODS.has(method) && (method !== "POST" || isFile)) {
    const allow = isFile ? "GET, HEAD" : "GET, HEAD, POST";
    return { error: "wrong-method", text: `The method ${method} is not supported here.`, allow };
  }
  const isKnown = host !== undefined && HOST.test(host) && isOwnHost(host, baseUrl);
  if (!isKnown && path !== HEALTH) {
    return {
      error: "misdirected",
      text: `Gatehouse is at ${baseUrl}. To use another address, set BASE_URL to it.`,
    };
  }
  if (!isApi && !SAFE_METHODS.has(method) && !isSameOrigin(fetchHeaders(request), baseUrl)) {
    return { error: "forbidden", text: "This request does not come from a Gatehouse page." };
  }
  if (!isApi && !isRouterStateReadable(request)) {
    return { error: "bad-request", text: "This request has an invalid router state." };
  }
  return null;
}
