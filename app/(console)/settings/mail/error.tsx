"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function MailSettingsError(props: ErrorPageProps) {
  return (
    <FailureCard title="The mail settings could not be loaded" {...props}>
      The database did not answer in time. The last saved settings stay in effect.
    </FailureCard>
  );
}
