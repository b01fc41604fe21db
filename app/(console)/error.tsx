"use client";

import { Failure } from "@/components/ui/failure";

type ConsoleErrorProps = { error: Error & { digest?: string }; retry: () => void };

export default function ConsoleError({ error, retry }: ConsoleErrorProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title="This page could not be shown" error={error} onRetry={retry}>
        Something failed on the server. The rest of the console goes on working.
      </Failure>
    </div>
  );
}
