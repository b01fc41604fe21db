import type { Metadata } from "next";
import { LOGIN_FOR_ANYBODY } from "@/app/(auth)/login-for-anybody";
import { AuthHeading } from "@/components/layout/auth-frame";
import { buttonStyles } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";

type Ended = { title: string; reason: string };

const endedLink: Ended = {
  title: "This link no longer works",
  reason: "It has been used, has expired, was replaced by a newer one, or was not copied in full.",
};
/** For an expired password: the person came here by a login and never saw a link. */
const endedGrant: Ended = {
  title: "The password can no longer be changed here",
  reason: "It has already been changed, the ten minutes are over, or there was another login since.",
};

const endedOf = (kind: unknown) => (kind === "password-expired" ? endedGrant : endedLink);

type NextStep = { advice: string; href: string; label: string };

const newLink = { href: "/forgot-password", label: "Get a new link" };
// The link may have been meant for another person than the one who is logged in at this browser.
const login = { href: LOGIN_FOR_ANYBODY, label: "Go to login" };

/** The next step for each code in `?kind=`. None of them reveals whether an account exists. */
const steps: ReadonlyMap<string, NextStep> = new Map([
  [
    "activation",
    {
      advice: "If you have already chosen a password, log in with it. If not, request a new link.",
      href: "/forgot-password?for=activation",
      label: newLink.label,
    },
  ],
  [
    "reset",
    {
      advice: "If you have already chosen a new password, log in with it. If not, request another link.",
      ...newLink,
    },
  ],
  [
    "unlock",
    {
      advice:
        "The lock may have ended: try logging in. If you cannot, use “Forgot your password?”: choosing a new password also lifts the lock.",
      ...login,
    },
  ],
  [
    "password-expired",
    {
      advice: "If you have not chosen a new password yet, log in again. You then have another ten minutes.",
      ...login,
    },
  ],
]);

const generalStep: NextStep = { advice: "Request a new link where you requested this one.", ...login };

export async function generateMetadata({ searchParams }: PageProps<"/link-expired">): Promise<Metadata> {
  return { title: endedOf((await searchParams).kind).title };
}

export default async function LinkExpiredPage({ searchParams }: PageProps<"/link-expired">) {
  const { kind } = await searchParams;
  const { advice, href, label } = (typeof kind === "string" && steps.get(kind)) || generalStep;
  const { title, reason } = endedOf(kind);
  const other = href === login.href ? { href: "/forgot-password", label: "Forgot your password?" } : login;
  return (
    <>
      <AuthHeading title={title}>
        <p>{reason}</p>
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
