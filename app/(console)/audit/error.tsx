"use client";

import { Failure } from "@/components/ui/failure";

type AuditErrorProps = { error: Error & { digest?: string }; retry: () => void };

export default function AuditError({ error, retry }: AuditErrorProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title="The events could not be read" error={error} onRetry={retry}>
        The database did not answer, or not in time. Nothing is lost; a narrower filter may help.
      </Failure>
    </div>
  );
}
