"use client";

import { type ErrorPageProps, FailureCard, NOT_READ } from "@/components/ui/failure";

export default function SessionsError(props: ErrorPageProps) {
  return (
    <FailureCard title="The sessions could not be loaded" {...props}>
      {`${NOT_READ} Nobody was logged out. A narrower search may help.`}
    </FailureCard>
  );
}
