"use client";

import { Button } from "./button";

/** The props that Next passes to an error page. */
export type ErrorPageProps = { error: Error & { digest?: string }; retry: () => void };

type FailureProps = ErrorPageProps & {
  /** The title when the server failed, if the page has one of its own. */
  title?: string;
  /** What failed on the server. */
  children: string;
  /** What to say instead if the error is the browser's. */
  inBrowser?: string;
};

/** Why a page's data could not be read. Which of these it was is in the server's log. */
export const NOT_READ = "Gatehouse is busy, its database is slow, or something failed on the server.";

const TITLE = "This page could not be shown";
const IN_BROWSER =
  "Something failed in the browser, or Gatehouse did not answer. Whatever was saved is kept. Check your connection and try again.";

/**
 * Says what failed, offers to try again, and gives the error number to look up in the server's log. An error without a
 * number is the browser's: the server did not fail.
 */
export function Failure({ title = TITLE, children, inBrowser = IN_BROWSER, error, retry }: FailureProps) {
  const { digest } = error;
  return (
    <div role="alert">
      <h1 className="text-xl font-semibold">{digest ? title : TITLE}</h1>
      <p className="mt-1.5 text-muted">{digest ? children : inBrowser}</p>
      <Button variant="primary" onClick={retry} className="mt-6">
        Try again
      </Button>
      {digest ? (
        <p className="mt-6 border-t pt-4 text-sm text-muted">
          Error number <span className="figures text-ink select-all">{digest}</span>
        </p>
      ) : null}
    </div>
  );
}

/** The same within a page's frame, which stays. */
export function FailureCard(props: FailureProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure {...props} />
    </div>
  );
}
