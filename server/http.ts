import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { waiterAt } from "@/lib/core/fair-line";
import { log } from "@/lib/core/log";
import { ADDRESS_HEADER, MAX_USER_AGENT_LENGTH, PATH_HEADER, REQUEST_ID_HEADER } from "@/lib/core/origin";
import { restErrors } from "@/lib/request/rest-errors";
import { isOwnHost } from "@/lib/request/same-origin";
import { securityHeaders } from "@/lib/request/security-headers";
import { HEALTH, isOrdinary, normaliseCall, pathOf, type Rejection, rejectionOf } from "./admission";
import { isApiAddress } from "./api-address";
import { answerBroken } from "./broken-request";
import { callerOf, createCallers, createProxyWarning } from "./callers";
import { limitConnections, mostConnections, openFilesLimit } from "./connections";
import { FrontResponse } from "./front-response";
import { loggedPath } from "./logged-path";
import { createPipelineQueue } from "./pipeline-queue";
import { handlePost, UNREADABLE_FORM } from "./posted-form";
import { type BodyAdmission, createBodyAdmission, MAX_BODY_BYTES } from "./request-body";
import { type LoggedRequest, logWhenDone, rejectionForLog } from "./request-log";
import { createRequestPacer } from "./request-pacer";
import { answerUnread } from "./unread-request";

/** What the front passes requests to: Next, or what answers some of them before Next. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export type FrontOptions = Readonly<{ baseUrl: string; trustedProxies: number; isDev: boolean }>;

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * How long a connection may be idle. From a proxy longer than that lets it be, of which Envoy's hour is the longest: a POST
 * that it sends on a connection as we close it is an error for its client. From others not as long as a firewall on the way
 * remembers the connection, four minutes or more: a client would wait in vain for the answer to its next request.
 */
const KEEP_ALIVE_TIMEOUT_MS = { behindProxy: 3_610_000, direct: 130_000 };
/** How long a connection may be silent after a request; no handler works for so long without writing anything. */
const SILENCE_TIMEOUT_MS = 300_000;
const CHECK_EVERY_MS = 2_000;
const MAX_LOGGED_PATH = 500;
/** The address under which scripts, styles and fonts are. */
export const ASSETS_ADDRESS = "/_next/static/";
/** There is room to wait for one POST, one page and one other request for every so many connections. */
const SHARE_WAITING = 4;
/** The same for health checks: far more room than anybody's monitoring needs. */
const SHARE_CHECKING = 12;
/** A path with surplus slashes, or that ends with a dot segment: Next permanently redirects it to the path without them. */
const SURPLUS = /.\/$|\/\/|\/(?:\.|%2e){1,2}$/i;
/** For a request that has no room to wait for its turn. */
const OVERLOADED: Rejection = {
  error: "unavailable",
  text: "Too many requests are waiting. Try again in a few seconds.",
  retryAfterSeconds: 10,
};
/** For a request whose body is not admitted. */
const BODY_REJECTIONS: Readonly<Record<Exclude<BodyAdmission, "admitted" | "gone">, Rejection>> = {
  "too-large": {
    error: "too-large",
    text: `The request's body is larger than ${MAX_BODY_BYTES / 1024} KiB.`,
  },
  "too-intricate": { error: "bad-request", text: UNREADABLE_FORM },
  "turned-away": OVERLOADED,
};
/** Whether the client waits for permission before it sends the body (RFC 9110, 10.1.1). One of HTTP/1.0 cannot. */
const awaitsPermission = ({ headers, httpVersion }: IncomingMessage) =>
  httpVersion !== "1.0" && /^100-continue$/i.test(headers.expect ?? "");

/** Headers that only the front may set, or that frameworks trust; dropped if they come from a client. */
const SPOOFABLE =
  /^(?:x-gatehouse-|x-middleware-|x-forwarded-|x-nextjs-|x-invoke-|x-matched-path$|forwarded$|x-real-ip$|x-request-id$)/;
/** Next's own browser code sends these; they are not secret and grant nothing. */
const KEPT = new Set(["x-nextjs-html-request-id", "x-nextjs-request-id"]);

/** Replaces headers that the client claims with what the front knows. */
function cleanHeaders(
  request: IncomingMessage,
  options: FrontOptions,
  requestId: string,
  { path, address }: LoggedRequest,
): void {
  const { headers } = request;
  for (const name of Object.keys(headers)) {
    if (SPOOFABLE.test(name) && !KEPT.has(name)) delete headers[name];
  }
  // A range request gets the whole answer, which every client must accept; Next answers a malformed range with 500.
  delete headers.range;
  // Next renders a page in advance for values that only its unused cached components send. Our pages break that off, with an
  // error in the log.
  if (headers["next-router-prefetch"] !== "1") delete headers["next-router-prefetch"];
  // Next looks for crawlers in it, in a time that grows with the square of its length: seconds for as long a one as fits.
  const userAgent = headers["user-agent"];
  if (userAgent !== undefined) headers["user-agent"] = userAgent.slice(0, MAX_USER_AGENT_LENGTH);
  headers[REQUEST_ID_HEADER] = requestId;
  headers[ADDRESS_HEADER] = address;
  headers[PATH_HEADER] = path;
  headers["x-forwarded-for"] = address;
  headers["x-forwarded-proto"] = new URL(options.baseUrl).protocol.slice(0, -1);
  if (headers.host !== undefined) headers["x-forwarded-host"] = headers.host;
}

type BaseHeaders = readonly (readonly [string, string])[];

/** `most`: how many connections there may be; `accepted`: how many have been accepted by now. */
type ConnectionCounts = Readonly<{ most: number; accepted: () => number }>;

/**
 * Creates a function that returns the line in which a request waits for its turn. A hundred logins sent at once must not
 * delay everyone who only reads, nor a thousand pages the health check, nor a thousand health checks everyone else. A page
 * takes as long as a dozen calls, or a hundred scripts: if they shared a line, a program would have to wait for twenty
 * pages before each of its calls.
 */
function createLines({ most, accepted }: ConnectionCounts) {
  const line = (share: number) => createRequestPacer({ room: Math.ceil(most / share), accepted });
  const posts = line(SHARE_WAITING);
  const pages = line(SHARE_WAITING);
  const others = line(SHARE_WAITING);
  const healthChecks = line(SHARE_CHECKING);
  return (request: IncomingMessage, isCall: boolean) => {
    const path = pathOf(request);
    if (path === HEALTH) return healthChecks;
    if (request.method === "POST") return posts;
    return isCall || path.startsWith(ASSETS_ADDRESS) ? others : pages;
  };
}

/** Creates what handles each request: checks it, and passes it on to Next in its turn, or answers it with a rejection. */
function createRequestHandler(
  handle: Handler,
  options: FrontOptions,
  baseHeaders: BaseHeaders,
  connections: ConnectionCounts,
): (request: IncomingMessage, response: FrontResponse) => Promise<void> {
  const lineOf = createLines(connections);
  const awaitTurn = createPipelineQueue();
  const admitBody = createBodyAdmission();
  const callers = createCallers();
  const lookAtProxies = createProxyWarning(options.trustedProxies);

  return async (request, response) => {
    const requestId = randomUUID();
    const caller = callers.behind(request) ?? callerOf(request, options.trustedProxies);
    const { host, address } = caller;
    const logged: LoggedRequest = { path: loggedPath(pathOf(request)).slice(0, MAX_LOGGED_PATH), address };
    logWhenDone(request, response, requestId, logged);
    response.setHeader("X-Request-Id", requestId);
    for (const [name, value] of baseHeaders) response.setHeader(name, value);

    const refuse = (rejection: Rejection) => {
      logged.refused = rejectionForLog(request, host, rejection);
      answerUnread(request, response, rejection);
    };

    // The checks, and Next after them, compare the host name that the client used.
    if (host !== undefined) request.headers.host = host;
    const rejection = rejectionOf(request, host, options.baseUrl);
    if (rejection) return refuse(rejection);
    lookAtProxies(request);
    // Browsers send this from a page with the policy `no-referrer`; the checks above proved that the page is ours.
    if (request.headers.origin === "null") delete request.headers.origin;
    cleanHeaders(request, options, requestId, logged);
    const isCall = isApiAddress(request.url ?? "");
    if (SURPLUS.test(pathOf(request))) {
      // Next's redirect has no Cache-Control, and its query may contain a link's secret.
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("Referrer-Policy", "no-referrer");
    }
    if (isCall) normaliseCall(request);
    const turn = awaitTurn(request, response);
    const body = admitBody(request, turn);
    if (body !== "too-large" && awaitsPermission(request)) response.writeContinue();
    const admission = await body;
    if (admission === "gone") return;
    if (admission !== "admitted") return refuse(BODY_REJECTIONS[admission]);
    if (!(await turn)) return;
    const line = lineOf(request, isCall);
    if (!(await line(waiterAt(address)))) return refuse(OVERLOADED);
    if (request.socket.destroyed) return;
    if (request.method !== "POST" || isCall) return handle(request, response);
    // Not before: a response whose turn never comes is not closed either, and its caller would not be forgotten.
    callers.remember(requestId, caller, response);
    await handlePost(handle, request, response);
  };
}

/**
 * Creates the HTTP server in front of Next. It checks the client's address, the host name and the body's size, and sets
 * the headers of every answer. It decides nothing about the requested resource. docs/decisions/0002-own-http-front.md
 */
export function createFront(
  { handle, upgrade }: Readonly<{ handle: Handler; upgrade: Upgrade }>,
  options: FrontOptions,
): Server {
  const { isDev } = options;
  const isHttps = options.baseUrl.startsWith("https:");
  const baseHeaders = Object.entries(securityHeaders({ isHttps, isDev }));
  const openFiles = openFilesLimit();
  let accepted = 0;
  const handleRequest = createRequestHandler(handle, options, baseHeaders, {
    most: mostConnections(openFiles),
    accepted: () => accepted,
  });

  function receive(request: IncomingMessage, response: FrontResponse): void {
    // The connection was dropped because of earlier requests; the rest of its pipeline arrives here nevertheless.
    if (request.socket.destroyed) return;
    // Once the server has stopped listening, each connection closes after its pending answer. A proxy would otherwise
    // send the next request on it, perhaps a POST, just as `drain` closes it.
    response.isLast = () => !server.listening;
    connections.received(response);
    handleRequest(request, response).catch((error: unknown) => {
      const requestId = response.getHeader("X-Request-Id")?.toString();
      log().error({ event: "request-failed", requestId, err: error });
      if (response.headersSent) response.destroy();
      else answerUnread(request, response, { error: "unexpected", text: restErrors.unexpected.message });
    });
  }

  const server = createServer({
    ServerResponse: FrontResponse,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS[options.trustedProxies > 0 ? "behindProxy" : "direct"],
    connectionsCheckingInterval: CHECK_EVERY_MS,
    // Keeps both values of a duplicate header; of some headers Node would keep only the first.
    joinDuplicateHeaders: true,
    // The front refuses a request without a Host itself, like one for another host, instead of Node.
    requireHostHeader: false,
  });
  // Node would drop all headers after the first two thousand, even Content-Length. Their total is limited to 16 KiB.
  server.maxHeadersCount = 0;
  // Otherwise a client that never reads its answer would keep the connection open, and the answer in memory, forever.
  server.timeout = SILENCE_TIMEOUT_MS;
  const connections = limitConnections(server, openFiles);
  server.on("connection", () => {
    accepted += 1;
  });
  server.on("request", receive);
  // Requests with an Expect header are handled like all others.
  server.on("checkContinue", receive);
  server.on("checkExpectation", receive);
  server.on("clientError", (error, socket) =>
    answerBroken(error, socket, connections.answerOn(socket), baseHeaders),
  );
  // Without a listener Node handles an upgrade request as an ordinary one, which is right for the built console.
  if (isDev) {
    server.on("upgrade", (request, socket, head) => {
      const { host } = request.headers;
      if (isOrdinary(request.url) && isOwnHost(host, options.baseUrl)) upgrade(request, socket, head);
      else socket.destroy();
    });
  }
  return server;
}
