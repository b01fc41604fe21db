"use client";

import { Failure } from "@/components/ui/failure";

type MailSettingsErrorProps = { error: Error & { digest?: string }; retry: () => void };

export default function MailSettingsError({ error, retry }: MailSettingsErrorProps) {
  return (
    <div className="max-w-lg rounded border bg-surface p-6 sm:p-8">
      <Failure title="The mail settings could not be read" error={error} onRetry={retry}>
        The database did not answer, or not in time. What was saved stays in force.
      </Failure>
    </div>
  );
}
