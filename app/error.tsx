"use client";

import { AuthFrame } from "@/components/layout/auth-frame";
import { Failure } from "@/components/ui/failure";

type ErrorPageProps = { error: Error & { digest?: string }; retry: () => void };

export default function ErrorPage({ error, retry }: ErrorPageProps) {
  return (
    <AuthFrame>
      <Failure title="This page could not be shown" error={error} onRetry={retry}>
        {error.digest
          ? "Something failed on the server. Try again in a moment."
          : "Something failed, or no answer came from Gatehouse. Check your connection and try again. If you were logging out, you may still be logged in."}
      </Failure>
    </AuthFrame>
  );
}
