"use client";

import { Button } from "./button";

/** The props that Next passes to an error page. */
export type ErrorPageProps = { error: Error & { digest?: string }; retry: () => void };

type FailureProps = ErrorPageProps & { title: string; children: string };

/** Says what failed, offers to try again, and gives the error number to look up in the server's log. */
export function Failure({ title, children, error, retry }: FailureProps) {
  return (
    <div role="alert">
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="mt-1.5 text-muted">{children}</p>
      <Button variant="primary" onClick={retry} className="mt-6">
        Try again
      </Button>
      {error.digest ? (
        <p className="mt-6 border-t pt-4 text-sm text-muted">
          Error number <span className="figures text-ink select-all">{error.digest}</span>
        </p>
      ) : null}
    </div>
  );
}

/** The same within a page's frame, which stays. Without a number the error is the browser's, and says nothing of the server's. */
export function FailureCard({ title, children, error, retry }: FailureProps) {
  const isOfServer = error.digest !== undefined;
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title={isOfServer ? title : "This page could not be shown"} error={error} retry={retry}>
        {isOfServer
          ? children
          : "Something failed in the browser, or Gatehouse did not answer. Whatever was saved is kept. Check your connection and try again."}
      </Failure>
    </div>
  );
}
