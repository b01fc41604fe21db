import type { IncomingMessage, ServerResponse } from "node:http";
import { type Progress, withProgress } from "@/lib/request/progress";
import { restErrors } from "@/lib/request/rest-errors";

/** What the sender of a form is told that Next could not read. */
export const UNREADABLE_FORM = "The form could not be read. Reload the page and send it again.";

const REFUSAL = `${UNREADABLE_FORM}\n`;

/** Whether Next parses this POST as a form or as an action's arguments; it answers any other POST like a GET. */
function isForm({ headers }: IncomingMessage): boolean {
  return headers["next-action"] !== undefined || /^multipart\/form-data/i.test(headers["content-type"] ?? "");
}

/**
 * Handles a POST. Next parses the form before any of our code runs, and answers 500 to one that is truncated, has no
 * boundary or is malformed; this turns that 500 into a 400.
 */
export async function handlePost(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const progress: Progress = { isHandledByUs: !isForm(request) };
  if (!progress.isHandledByUs) refuseUnread(response, progress);
  await withProgress(progress, () => handle(request, response));
}

/** Replaces a 500 that our code did not cause with a 400, whichever methods write it and in however many chunks. */
function refuseUnread(response: ServerResponse, progress: Progress): void {
  type Method = (...args: unknown[]) => unknown;
  const { writeHead, write, end } = response as unknown as Record<"writeHead" | "write" | "end", Method>;
  const failed = restErrors.unexpected.status;
  let isRefused = false;
  // Node would write the head of a 500 together with the first chunk, which must not follow a refusal.
  const begin = () => {
    if (!response.headersSent && response.statusCode === failed) response.writeHead(failed);
  };
  Object.assign(response, {
    writeHead(status: number, ...rest: unknown[]) {
      isRefused = status === failed && !progress.isHandledByUs;
      if (!isRefused) return writeHead.call(response, status, ...rest);
      for (const name of ["content-encoding", "transfer-encoding", "vary", "etag"])
        response.removeHeader(name);
      return writeHead.call(response, restErrors["bad-request"].status, {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": Buffer.byteLength(REFUSAL),
        "Cache-Control": "no-store",
      });
    },
    write(...args: unknown[]) {
      begin();
      return isRefused || write.apply(response, args);
    },
    end(...args: unknown[]) {
      begin();
      return end.apply(response, isRefused ? [REFUSAL] : args);
    },
  });
}
