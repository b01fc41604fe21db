"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function ConsoleError(props: ErrorPageProps) {
  return (
    <FailureCard {...props}>Something failed on the server. The rest of the console still works.</FailureCard>
  );
}
