"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function AuditError(props: ErrorPageProps) {
  return (
    <FailureCard title="The events could not be read" {...props}>
      The database did not answer, or not in time. Nothing is lost; a narrower filter may help.
    </FailureCard>
  );
}
