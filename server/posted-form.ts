import type { IncomingMessage, ServerResponse } from "node:http";
import { type Progress, withProgress } from "@/lib/request/progress";
import { restErrors } from "@/lib/request/rest-errors";

const REFUSAL = "What was posted is no form that can be read. Open the page again and send it once more.\n";

/** What Next reads a form from, or an action's arguments; anything else that is posted it answers as if it were read. */
function isForm({ headers }: IncomingMessage): boolean {
  return headers["next-action"] !== undefined || /^multipart\/form-data/i.test(headers["content-type"] ?? "");
}

/**
 * Has a post answered. Next reads its form before any code of ours begins, and answers one that is cut off, has no
 * boundary or makes no sense as a failure of the server; here that becomes the sender's.
 */
export async function handlePost(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const progress: Progress = { isOurs: !isForm(request) };
  if (!progress.isOurs) refuseUnread(response, progress);
  await withProgress(progress, () => handle(request, response));
}

/** Puts a refusal in the place of a failure that is none of ours, whoever writes it and in however many parts. */
function refuseUnread(response: ServerResponse, progress: Progress): void {
  type Method = (...args: unknown[]) => unknown;
  const { writeHead, write, end } = response as unknown as Record<"writeHead" | "write" | "end", Method>;
  const failed = restErrors.unexpected.status;
  let isRefused = false;
  // Node would write the head of a failure in the midst of its first part, which must not follow.
  const begin = () => {
    if (!response.headersSent && response.statusCode === failed) response.writeHead(failed);
  };
  Object.assign(response, {
    writeHead(status: number, ...rest: unknown[]) {
      isRefused = status === failed && !progress.isOurs;
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
