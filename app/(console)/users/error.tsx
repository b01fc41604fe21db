"use client";

import { type ErrorPageProps, FailureCard, NOT_READ } from "@/components/ui/failure";

export default function UsersError(props: ErrorPageProps) {
  return (
    <FailureCard title="The accounts could not be loaded" {...props}>
      {`${NOT_READ} Nothing is lost. A narrower search may help.`}
    </FailureCard>
  );
}
