"use client";

import { type ErrorPageProps, FailureCard, NOT_READ } from "@/components/ui/failure";

export default function OutboxError(props: ErrorPageProps) {
  return (
    <FailureCard title="The messages could not be loaded" {...props}>
      {`${NOT_READ} Nothing is lost.`}
    </FailureCard>
  );
}
