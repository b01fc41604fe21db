import { AuthFrame, AuthHeading } from "@/components/layout/auth-frame";
import { buttonStyles } from "@/components/ui/button";

/** Shown where there is no page. */
export default function NotFoundCard() {
  return (
    <AuthFrame>
      <AuthHeading title="There is no page here">
        <p>The address may be mistyped, or the page has moved.</p>
      </AuthHeading>
      <a href="/" className={buttonStyles({ variant: "primary", className: "w-full" })}>
        Go to the console
      </a>
    </AuthFrame>
  );
}
