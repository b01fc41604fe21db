import { type IncomingMessage, ServerResponse } from "node:http";
import { EMPTY_HEADER } from "@/lib/request/empty-answer";

/**
 * An answer that announces a length of 0 where its route says that it has no content. Some clients take what announces no
 * length for JSON, and fail.
 */
export class Answer<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override writeHead(...args: unknown[]): this {
    if (this.hasHeader(EMPTY_HEADER)) {
      this.removeHeader(EMPTY_HEADER);
      this.setHeader("Content-Length", 0);
    }
    return super.writeHead(...(args as [status: number]));
  }
}
