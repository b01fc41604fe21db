import type { IncomingMessage, ServerResponse } from "node:http";
import { type Progress, withProgress } from "@/lib/request/progress";
import { restErrors } from "@/lib/request/rest-errors";

/** What the sender of a form is told that Next could not read. */
export const UNREADABLE_FORM = "The form could not be read. Reload the page and send it again.";

/** What the sender of a form is told that was loaded from another build. With scripts, the page says it itself. */
const OUTDATED_FORM =
  "Gatehouse was updated while this page was open. Nothing was done: go back, reload the page and try again.";

/** Whether Next parses this POST as a form or as an action's arguments; it answers any other POST like a GET. */
function isForm({ headers }: IncomingMessage): boolean {
  return headers["next-action"] !== undefined || /^multipart\/form-data/i.test(headers["content-type"] ?? "");
}

/**
 * Handles a POST. Next parses the form before any of our code runs, and answers 500 to one that is truncated, has no
 * boundary or is malformed; this turns that 500 into a 400. It also says in words that the form's action is of another
 * build.
 */
export async function handlePost(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const progress: Progress = { isHandledByUs: !isForm(request) };
  if (!progress.isHandledByUs) replaceAnswer(response, progress);
  await withProgress(progress, () => handle(request, response));
}

type OwnAnswer = { status: number; text: string };

/** Returns what to answer instead of Next's own words for a form that our code did not handle; null to keep those. */
function ownAnswer(response: ServerResponse, status: number, { isHandledByUs }: Progress): OwnAnswer | null {
  if (isHandledByUs) return null;
  if (status === restErrors.unexpected.status)
    return { status: restErrors["bad-request"].status, text: UNREADABLE_FORM };
  const isOutdated = status === restErrors.conflict.status && response.hasHeader("x-nextjs-action-not-found");
  return isOutdated ? { status, text: OUTDATED_FORM } : null;
}

/** Replaces Next's answer where we have our own, whichever methods write it and in however many chunks. */
function replaceAnswer(response: ServerResponse, progress: Progress): void {
  type Method = (...args: unknown[]) => unknown;
  const { writeHead, write, end } = response as unknown as Record<"writeHead" | "write" | "end", Method>;
  let own: OwnAnswer | null = null;
  // Node would write the head together with the first chunk, which must not follow our own answer.
  const begin = () => {
    if (!response.headersSent && ownAnswer(response, response.statusCode, progress))
      response.writeHead(response.statusCode);
  };
  Object.assign(response, {
    writeHead(status: number, ...rest: unknown[]) {
      own = ownAnswer(response, status, progress);
      if (!own) return writeHead.call(response, status, ...rest);
      for (const name of ["content-encoding", "transfer-encoding", "vary", "etag"])
        response.removeHeader(name);
      return writeHead.call(response, own.status, {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": Buffer.byteLength(`${own.text}\n`),
        "Cache-Control": "no-store",
      });
    },
    write(...args: unknown[]) {
      begin();
      return own !== null || write.apply(response, args);
    },
    end(...args: unknown[]) {
      begin();
      return end.apply(response, own ? [`${own.text}\n`] : args);
    },
  });
}
