"use client";

import { Failure } from "@/components/ui/failure";

type OutboxErrorProps = { error: Error & { digest?: string }; retry: () => void };

export default function OutboxError({ error, retry }: OutboxErrorProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title="The mails could not be read" error={error} onRetry={retry}>
        The database did not answer, or not in time. Nothing is lost, and sending goes on.
      </Failure>
    </div>
  );
}
