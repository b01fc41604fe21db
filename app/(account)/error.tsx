"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function AccountError(props: ErrorPageProps) {
  return <FailureCard {...props}>Something failed on the server. Try again in a moment.</FailureCard>;
}
