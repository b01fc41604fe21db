"use client";

import { type ErrorPageProps, FailureCard, NOT_READ } from "@/components/ui/failure";

export default function SecuritySettingsError(props: ErrorPageProps) {
  return (
    <FailureCard title="The settings could not be loaded" {...props}>
      {`${NOT_READ} The last saved rules stay in effect.`}
    </FailureCard>
  );
}
