"use client";

import { AuthFrame } from "@/components/layout/auth-frame";
import { Failure } from "@/components/ui/failure";

type ErrorPageProps = { error: Error & { digest?: string }; retry: () => void };

export default function ErrorPage({ error, retry }: ErrorPageProps) {
  return (
    <AuthFrame>
      <Failure title="This page could not be shown" error={error} onRetry={retry}>
        Something failed on the server. Try again in a moment.
      </Failure>
    </AuthFrame>
  );
}
