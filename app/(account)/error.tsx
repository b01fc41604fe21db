"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function AccountError(props: ErrorPageProps) {
  return (
    <FailureCard title="This page could not be shown" {...props}>
      Something failed on the server. Try again in a moment.
    </FailureCard>
  );
}
