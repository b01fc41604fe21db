"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function SessionsError(props: ErrorPageProps) {
  return (
    <FailureCard title="The sessions could not be read" {...props}>
      The database did not answer, or not in time. Nobody was logged out; a narrower search may help.
    </FailureCard>
  );
}
