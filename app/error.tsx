"use client";

import { AuthFrame } from "@/components/layout/auth-frame";
import { type ErrorPageProps, Failure } from "@/components/ui/failure";

export default function ErrorPage(props: ErrorPageProps) {
  return (
    <AuthFrame>
      <Failure
        inBrowser="Something failed, or Gatehouse did not answer. Check your connection and try again. If you were logging out, you may still be logged in."
        {...props}
      >
        Something failed on the server. Try again in a moment. If you were logging out, you may still be
        logged in.
      </Failure>
    </AuthFrame>
  );
}
