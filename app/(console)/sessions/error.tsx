"use client";

import { Failure } from "@/components/ui/failure";

type SessionsErrorProps = { error: Error & { digest?: string }; retry: () => void };

export default function SessionsError({ error, retry }: SessionsErrorProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title="The sessions could not be read" error={error} onRetry={retry}>
        The database did not answer, or not in time. Nobody was logged out; a narrower search may help.
      </Failure>
    </div>
  );
}
