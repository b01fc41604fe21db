"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function ConsoleError(props: ErrorPageProps) {
  return (
    <FailureCard title="This page could not be shown" {...props}>
      Something failed on the server. The rest of the console still works.
    </FailureCard>
  );
}
