"use client";

import { Failure } from "@/components/ui/failure";

type AccountErrorProps = { error: Error & { digest?: string }; retry: () => void };

export default function AccountError({ error, retry }: AccountErrorProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title="This page could not be shown" error={error} onRetry={retry}>
        Something failed on the server. Try again in a moment.
      </Failure>
    </div>
  );
}
