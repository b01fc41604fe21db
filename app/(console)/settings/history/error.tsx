"use client";

import { type ErrorPageProps, FailureCard, NOT_READ } from "@/components/ui/failure";

export default function HistoryError(props: ErrorPageProps) {
  return (
    <FailureCard title="The history could not be loaded" {...props}>
      {`${NOT_READ} The settings in effect are unchanged, and nothing is lost.`}
    </FailureCard>
  );
}
