"use client";

import { type ErrorPageProps, FailureCard, NOT_READ } from "@/components/ui/failure";

export default function MailSettingsError(props: ErrorPageProps) {
  return (
    <FailureCard title="The mail settings could not be loaded" {...props}>
      {`${NOT_READ} The last saved settings stay in effect.`}
    </FailureCard>
  );
}
