"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function OutboxError(props: ErrorPageProps) {
  return (
    <FailureCard title="The mails could not be read" {...props}>
      The database did not answer, or not in time. Nothing is lost, and sending goes on.
    </FailureCard>
  );
}
