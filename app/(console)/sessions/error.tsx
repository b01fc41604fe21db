"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function SessionsError(props: ErrorPageProps) {
  return (
    <FailureCard title="The sessions could not be loaded" {...props}>
      The database did not answer in time. Nobody was logged out. A narrower search may help.
    </FailureCard>
  );
}
