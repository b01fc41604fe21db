"use client";

import { Failure } from "@/components/ui/failure";

type UsersErrorProps = { error: Error & { digest?: string }; retry: () => void };

export default function UsersError({ error, retry }: UsersErrorProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title="The accounts could not be read" error={error} onRetry={retry}>
        The database did not answer, or not in time. Nothing is lost; a narrower search may help.
      </Failure>
    </div>
  );
}
