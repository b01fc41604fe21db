import { AuthFrame, AuthHeading } from "@/components/layout/auth-frame";
import { buttonStyles } from "@/components/ui/button";

/** Shown where there is no page. */
export default function NotFoundCard() {
  return (
    <AuthFrame>
      <AuthHeading title="Page not found">
        <p>The address may be wrong, or the page may have moved.</p>
      </AuthHeading>
      <a href="/" className={buttonStyles({ variant: "primary", className: "w-full" })}>
        Go to the start page
      </a>
    </AuthFrame>
  );
}
