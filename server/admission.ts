import type { IncomingMessage } from "node:http";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state.js";
import { isDecodable } from "@/lib/core/percent-encoding";
import type { RestErrorName } from "@/lib/request/rest-errors";
import { isOwnHost, isSameOrigin } from "@/lib/request/same-origin";
import { isApiAddress, isCallPath } from "./api-address";

/** Why a request is turned away before anything looks at what it asks. */
export type Rejection = Readonly<{
  error: RestErrorName;
  text: string;
  /** The methods that there are instead, for the header of that name. */
  allow?: string;
}>;

const HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i;
const READING = new Set(["GET", "HEAD"]);
const ROUTE_METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** No page's address ends like this. */
const FILE = /\.\w+$/;
const HEALTH = "/api/health";

/** What is asked for, without its parameters. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

/** An ordinary path on this server; `http://other/`, `//other` and `\` are how parsers are made to disagree. */
export function isOrdinary(url: string | undefined): boolean {
  return url !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(url);
}

/**
 * More than anybody has use for. With some thousands, as many as fit into a request, Next is busy for half a second, and
 * answers nobody meanwhile: its time grows with their square.
 */
const MAX_PARAMETERS = 100;
const MAX_COOKIES = 200;

const isMoreThan = (most: number, list: string, separator: string) =>
  list.split(separator, most + 1).length > most;

/** What stands between Next's routes and a program: headers of Next's own browser code, which would redirect it. */
const NEXTS_OWN = /^(?:rsc$|next-)/;

/**
 * Makes a call's request one that every route understands. Next has no answer of ours to a method such as TRACE; as
 * OPTIONS, which no call has either, it gets the route's 405 with the methods that there are.
 */
export function toCall(request: IncomingMessage): void {
  if (!ROUTE_METHODS.has(request.method ?? "")) request.method = "OPTIONS";
  for (const name of Object.keys(request.headers)) {
    if (NEXTS_OWN.test(name)) delete request.headers[name];
  }
  // No call reads one.
  delete request.headers.cookie;
}

/** Whether what our scripts tell Next of the page they have can be read; Next would answer 500 where it cannot. */
function isRouterStateReadable({ headers }: IncomingMessage): boolean {
  try {
    parseAndValidateFlightRouterState(headers["next-router-state-tree"]);
    return true;
  } catch {
    return false;
  }
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
  const { method = "", url = "" } = request;
  const path = pathOf(request);
  const isApi = isApiAddress(url);
  if (isApi && !isCallPath(path)) return { error: "not-found", text: "There is nothing here." };
  // Next answers 500 where a path's escapes are not UTF-8.
  if (!isOrdinary(url) || !isDecodable(path))
    return { error: "bad-request", text: "This is not a path on this server." };
  if (isMoreThan(MAX_PARAMETERS, url, "&"))
    return { error: "bad-request", text: "This address has more parameters than anything here takes." };
  if (!isApi && isMoreThan(MAX_COOKIES, request.headers.cookie ?? "", ";"))
    return { error: "headers-too-large", text: "This request brings more cookies than any browser has." };
  // Pages are read and posted to, files are read; what routes make of other methods is theirs to say.
  const isFile = FILE.test(path);
  if (!isApi && !READING.has(method) && (method !== "POST" || isFile)) {
    const allow = isFile ? "GET, HEAD" : "GET, HEAD, POST";
    return { error: "wrong-method", text: `${method} is not a method that is known here.`, allow };
  }
  const isKnown = host !== undefined && HOST.test(host) && isOwnHost(host, baseUrl);
  if (!isKnown && path !== HEALTH) {
    return {
      error: "misdirected",
      text: `Gatehouse is at ${baseUrl}. To reach it by another name, set BASE_URL to that.`,
    };
  }
  if (!isApi && !READING.has(method) && !isSameOrigin(fetchHeaders(request), baseUrl)) {
    return { error: "forbidden", text: "This request does not come from a page of Gatehouse." };
  }
  if (!isApi && !isRouterStateReadable(request)) {
    return { error: "bad-request", text: "This request does not say rightly which page it comes from." };
  }
  return null;
}
