"use client";

import { AuthFrame } from "@/components/layout/auth-frame";
import { Failure } from "@/components/ui/failure";
import "./globals.css";

type GlobalErrorProps = { error: Error & { digest?: string }; retry: () => void };

/** Stands in for the root layout when that fails: so without its fonts, and in the device's theme. */
export default function GlobalError({ error, retry }: GlobalErrorProps) {
  return (
    <html lang="en">
      <body>
        <title>Error · Gatehouse</title>
        <AuthFrame>
          <Failure title="Gatehouse could not be shown" error={error} onRetry={retry}>
            Something failed on the server. Try again in a moment.
          </Failure>
        </AuthFrame>
      </body>
    </html>
  );
}
