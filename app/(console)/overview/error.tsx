"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function OverviewError(props: ErrorPageProps) {
  return (
    <FailureCard title="The overview could not be loaded" {...props}>
      The rules stay in effect, and nothing was changed.
    </FailureCard>
  );
}
