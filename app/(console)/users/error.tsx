"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function UsersError(props: ErrorPageProps) {
  return (
    <FailureCard title="The accounts could not be loaded" {...props}>
      The database did not answer in time. Nothing is lost. A narrower search may help.
    </FailureCard>
  );
}
