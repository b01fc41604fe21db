import type { ServerResponse } from "node:http";
import { EMPTY_HEADER } from "@/lib/request/empty-answer";

/**
 * Has an answer without content announce a length of 0, where its route says that it has none. Some clients take what
 * announces no length for JSON, and fail.
 */
export function announceEmptiness(response: ServerResponse): void {
  const { writeHead } = response;
  Object.assign(response, {
    writeHead(...args: [status: number]) {
      if (response.hasHeader(EMPTY_HEADER)) response.setHeader("Content-Length", 0);
      response.removeHeader(EMPTY_HEADER);
      return writeHead.apply(response, args);
    },
  });
}
