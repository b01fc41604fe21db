"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function AuditError(props: ErrorPageProps) {
  return (
    <FailureCard title="The events could not be loaded" {...props}>
      The database did not answer in time. Nothing is lost. A narrower filter may help.
    </FailureCard>
  );
}
