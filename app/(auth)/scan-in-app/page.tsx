import type { Metadata } from "next";
import { LOGIN_FOR_ANYBODY } from "@/app/(auth)/login-for-anybody";
import { AuthHeading } from "@/components/layout/auth-frame";
import { TextLink } from "@/components/ui/text-link";

export const metadata: Metadata = { title: "Scan this code in the app" };

/**
 * For a person who opened a mobile app's QR code with the camera: the code is not used up, and the app can still scan
 * it.
 */
export default function ScanInAppPage() {
  return (
    <>
      <AuthHeading title="Scan this code in the app">
        <p>Your camera opened it as a web page, which cannot log you in.</p>
      </AuthHeading>
      <p>
        Open the mobile app, choose to log in with a code, and scan it there. Opening it here has not used it
        up.
      </p>
      <p className="mt-3 text-muted">
        A code works for two minutes. After that, make a new one where this one was shown.
      </p>
      <p className="mt-6 border-t pt-5 text-center">
        <TextLink href={LOGIN_FOR_ANYBODY}>Log in here instead</TextLink>
      </p>
    </>
  );
}
