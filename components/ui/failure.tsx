"use client";

import { Button } from "./button";

type FailureProps = {
  title: string;
  children: string;
  error: Error & { digest?: string };
  onRetry: () => void;
};

/** What failed, that trying again may help, and the number under which the server's log has the rest. */
export function Failure({ title, children, error, onRetry }: FailureProps) {
  return (
    <div role="alert">
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="mt-1.5 text-muted">{children}</p>
      <Button variant="primary" onClick={onRetry} className="mt-6">
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
