"use client";

import { type ErrorPageProps, FailureCard, NOT_READ } from "@/components/ui/failure";

export default function OverviewError(props: ErrorPageProps) {
  return (
    <FailureCard title="The overview could not be loaded" {...props}>
      {`${NOT_READ} The rules stay in effect.`}
    </FailureCard>
  );
}
