import type { Metadata } from "next";
import { AuthHeading } from "@/components/layout/auth-frame";
import { buttonStyles } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";

export const metadata: Metadata = { title: "This link no longer works" };

type NextStep = { advice: string; href: string; label: string };

const newLink = { href: "/forgot-password", label: "Get a new link" };
// The link need not have been for whoever is logged in at the browser.
const login = { href: "/login?notice=mailed-link", label: "Go to log in" };

/** What to do next, by the code in `?kind=`. None of it says whether there is an account. */
const steps: ReadonlyMap<string, NextStep> = new Map([
  [
    "activation",
    {
      advice: "If your account is not active yet, have a new activation link sent to its address.",
      ...newLink,
    },
  ],
  [
    "reset",
    {
      advice: "If you have not chosen a new password yet, have another link sent to your address.",
      ...newLink,
    },
  ],
  [
    "unlock",
    {
      advice:
        "The lock may be over: try to log in. If you cannot, “Forgot your password?” sends you a link with which a new password lifts the lock too.",
      ...login,
    },
  ],
  [
    "password-expired",
    { advice: "Log in once more, and you have another ten minutes to choose a new password.", ...login },
  ],
]);

const generalStep: NextStep = { advice: "Ask for a new link where you asked for this one.", ...login };

type LinkExpiredPageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function LinkExpiredPage({ searchParams }: LinkExpiredPageProps) {
  const { kind } = await searchParams;
  const { advice, href, label } = (typeof kind === "string" && steps.get(kind)) || generalStep;
  const other = href === login.href ? { href: "/forgot-password", label: "Forgot your password?" } : login;
  return (
    <>
      <AuthHeading title="This link no longer works">
        <p>It has been used, has expired, or was replaced by a newer one.</p>
      </AuthHeading>
      <p className="mb-6">{advice}</p>
      <a href={href} className={buttonStyles({ variant: "primary", className: "w-full" })}>
        {label}
      </a>
      <p className="mt-5 text-center">
        <TextLink href={other.href}>{other.label}</TextLink>
      </p>
    </>
  );
}
