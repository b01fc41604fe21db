import { type IncomingMessage, ServerResponse } from "node:http";
import { EMPTY_HEADER } from "@/lib/core/origin";

/**
 * A response that knows when it began, and that sends `Content-Length: 0` when its route marks it as empty. Some clients
 * parse a response without a length as JSON, and fail. In HTTP/1.0, in which most versions of nginx ask by default, it ends
 * with its connection; one that breaks off resets the connection, because nginx would pass it on as complete.
 */
export class FrontResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  /** When its head was written, on the clock of `performance.now()`; before that, when the request arrived. */
  since = performance.now();
  /** The status in its head, once that is written. Next sets another `statusCode` after a form that it could not read. */
  sentStatus: number | undefined;
  /** Whether its connection is to close after it, asked when its head is written. */
  isLast = () => false;

  override writeHead(...args: unknown[]): this {
    if (this.hasHeader(EMPTY_HEADER)) {
      this.removeHeader(EMPTY_HEADER);
      this.setHeader("Content-Length", 0);
    }
    if (this.isLast()) this.setHeader("Connection", "close");
    this.since = performance.now();
    super.writeHead(...(args as [status: number]));
    this.sentStatus = this.statusCode;
    return this;
  }

  override destroy(error?: Error): this {
    if (this.req.httpVersion === "1.0") this.socket?.resetAndDestroy();
    return super.destroy(error);
  }
}
