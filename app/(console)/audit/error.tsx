"use client";

import { type ErrorPageProps, FailureCard, NOT_READ } from "@/components/ui/failure";

export default function AuditError(props: ErrorPageProps) {
  return (
    <FailureCard title="The events could not be loaded" {...props}>
      {`${NOT_READ} Nothing is lost. A narrower filter may help.`}
    </FailureCard>
  );
}
