"use client";

import { Failure } from "@/components/ui/failure";

type SettingsErrorProps = { error: Error & { digest?: string }; retry: () => void };

export default function SecuritySettingsError({ error, retry }: SettingsErrorProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title="The settings could not be read" error={error} onRetry={retry}>
        Nothing was changed. The rules that were saved last stay in force.
      </Failure>
    </div>
  );
}
