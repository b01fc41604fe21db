import type { Metadata } from "next";
import { AuthFrame, AuthHeading } from "@/components/layout/auth-frame";
import { buttonStyles } from "@/components/ui/button";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <AuthFrame>
      <AuthHeading title="There is no page here">
        <p>The address may be mistyped, or the page has moved.</p>
      </AuthHeading>
      <a href="/" className={buttonStyles({ className: "w-full" })}>
        Go to the console
      </a>
    </AuthFrame>
  );
}
