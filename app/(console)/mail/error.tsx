"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function OutboxError(props: ErrorPageProps) {
  return (
    <FailureCard title="The messages could not be loaded" {...props}>
      The database did not answer in time. Nothing is lost, and sending continues.
    </FailureCard>
  );
}
