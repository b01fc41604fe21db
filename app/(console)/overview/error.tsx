"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function OverviewError(props: ErrorPageProps) {
  return (
    <FailureCard title="The overview could not be loaded" {...props}>
      The database did not answer in time. The rules stay in effect.
    </FailureCard>
  );
}
