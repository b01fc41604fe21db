import type { IncomingMessage, ServerResponse } from "node:http";
import { log } from "@/lib/core/log";
import { ADDRESS_HEADER, REQUEST_ID_HEADER } from "@/lib/core/origin";
import { HEALTH, pathOf } from "./admission";
import { clientAddress } from "./client-address";

/** The host name that a request used, and the client's address. */
export type Caller = Readonly<{ host: string | undefined; address: string }>;

/**
 * Returns the host name that the client used; a trusted proxy may have used another one to reach us. Some proxies append
 * the one that they were asked for to `X-Forwarded-Host`, so the outermost trusted one's is as far from the end as in
 * `X-Forwarded-For`; most replace the header or pass it on.
 */
function calledHost({ headers }: IncomingMessage, trustedProxies: number): string | undefined {
  const forwarded = trustedProxies > 0 ? headers["x-forwarded-host"] : undefined;
  if (typeof forwarded !== "string") return headers.host;
  const chain = forwarded.split(",");
  return chain[Math.max(0, chain.length - trustedProxies)]?.trim();
}

/** Returns the caller of a request from outside, as the socket and the trusted proxies report it. */
export function callerOf(request: IncomingMessage, trustedProxies: number): Caller {
  const forwardedFor = request.headers["x-forwarded-for"]?.toString();
  const address = clientAddress(request.socket.remoteAddress, forwardedFor, trustedProxies);
  return { host: calledHost(request, trustedProxies), address };
}

/**
 * Returns what looks at each request from outside, and logs the first one that shows a wrong TRUST_PROXY. If a proxy is in
 * front that is not trusted, all clients have its address, and share the limits of one. If there are fewer than are
 * trusted, a client can claim to have any address. More than are trusted show nothing: a client can make up the others.
 * Monitoring may send its health checks past the proxies. Next's own request for a page has the front's headers, also when
 * the client of its POST has gone, whose caller is forgotten by then.
 */
export function createProxyWarning(trusted: number): (request: IncomingMessage) => void {
  let hasWarned = false;
  return (request) => {
    if (hasWarned || pathOf(request) === HEALTH || ADDRESS_HEADER in request.headers) return;
    const reported = request.headers["x-forwarded-for"]?.toString().split(",").length ?? 0;
    if (trusted === 0 ? reported === 0 : reported >= trusted) return;
    hasWarned = true;
    log().warn({ event: "proxies-miscounted", trusted, reported });
  };
}

/**
 * Remembers the caller of each POST while it is under way. When an action redirects to another page, Next fetches that
 * page from this server, with the headers of the action's request, but at the listening address, which need not be a
 * host name of ours. The request id links the inner request to the POST; nobody else knows it before the answer begins.
 */
export function createCallers() {
  const underWay = new Map<string, Caller>();
  return {
    /** Returns the caller on whose behalf Next sends the request; undefined for a request from outside. */
    behind({ headers }: IncomingMessage): Caller | undefined {
      const id = headers[REQUEST_ID_HEADER];
      return typeof id === "string" ? underWay.get(id) : undefined;
    },
    remember(requestId: string, caller: Caller, response: ServerResponse): void {
      underWay.set(requestId, caller);
      response.once("close", () => underWay.delete(requestId));
    },
  };
}
