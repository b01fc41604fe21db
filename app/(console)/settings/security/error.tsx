"use client";

import { type ErrorPageProps, FailureCard } from "@/components/ui/failure";

export default function SecuritySettingsError(props: ErrorPageProps) {
  return (
    <FailureCard title="The settings could not be loaded" {...props}>
      Nothing was changed. The last saved rules stay in effect.
    </FailureCard>
  );
}
