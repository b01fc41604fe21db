"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function HistoryError(props: ErrorPageProps) {
  return (
    <FailureCard title="The history could not be loaded" {...props}>
      The database did not answer in time. The settings in effect are unchanged, and nothing is lost.
    </FailureCard>
  );
}
