"use client";

import { AuthFrame } from "@/components/layout/auth-frame";
import { type ErrorPageProps, Failure } from "@/components/ui/failure";
import "./globals.css";

/** Replaces the root layout when that fails; therefore without its fonts, and in the device's theme. */
export default function GlobalError(props: ErrorPageProps) {
  return (
    <html lang="en">
      <body>
        <title>Error · Gatehouse</title>
        <AuthFrame>
          <Failure title="Gatehouse could not be shown" {...props}>
            Something failed on the server. Try again in a moment.
          </Failure>
        </AuthFrame>
      </body>
    </html>
  );
}
