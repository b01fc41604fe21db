"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function UsersError(props: ErrorPageProps) {
  return (
    <FailureCard title="The accounts could not be read" {...props}>
      The database did not answer, or not in time. Nothing is lost; a narrower search may help.
    </FailureCard>
  );
}
