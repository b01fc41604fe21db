import type { IncomingMessage, ServerResponse } from "node:http";
import { REQUEST_ID_HEADER } from "@/lib/core/origin";

/** The host name that a request used, and the client's address. */
export type Caller = Readonly<{ host: string | undefined; address: string }>;

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
