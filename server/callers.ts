import type { IncomingMessage, ServerResponse } from "node:http";
import { REQUEST_ID_HEADER } from "@/lib/core/origin";

/** By which name a request calls us, and from which address. */
export type Caller = Readonly<{ host: string | undefined; address: string }>;

/**
 * Who posts, for as long as that is under way. Next answers an action that leads to another page with that page, which it
 * asks of us: with the headers of the action's request, at the address where we listen, which need not be a name of ours.
 * The id that the first request was given tells whose the second is; before its answer begins nobody else knows it.
 */
export function createCallers() {
  const underWay = new Map<string, Caller>();
  return {
    /** The caller for whom Next asks; undefined for a request from outside. */
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
