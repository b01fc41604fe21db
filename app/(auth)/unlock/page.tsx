import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { linkToken } from "@/app/(auth)/link-token";
import { LOGIN_FOR_ANYBODY } from "@/app/(auth)/login-for-anybody";
import { AuthHeading } from "@/components/layout/auth-frame";
import { buttonStyles } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";
import { linkOwner } from "@/lib/accounts/service/link-owner";
import { UnlockForm } from "./unlock-form";

export async function generateMetadata({ searchParams }: PageProps<"/unlock">): Promise<Metadata> {
  const isDone = (await searchParams).notice === "unlocked";
  return { title: isDone ? "Your account is unlocked" : "Unlock your account" };
}

export default async function UnlockPage({ searchParams }: PageProps<"/unlock">) {
  const { token: parameter, notice } = await searchParams;
  if (notice === "unlocked") return <Unlocked />;
  const token = linkToken(parameter);
  const owner = token ? await linkOwner("UNLOCK", token) : null;
  if (!token || !owner) redirect("/link-expired?kind=unlock");
  return (
    <>
      <AuthHeading title="Unlock your account">
        <p>
          <bdi className="font-medium break-all text-ink">{owner.maskedEmail}</bdi>
          {/* An element, because this page becomes the next one in place, and may have been translated. */}
          <span> was locked after too many wrong passwords in a row.</span>
        </p>
      </AuthHeading>
      <p className="mb-6">
        If that was not you, somebody tried to guess your password and did not succeed. Your password has not
        changed.
      </p>
      <UnlockForm token={token} />
    </>
  );
}

/** The next step, whether or not the owner typed the wrong passwords. */
function Unlocked() {
  return (
    <>
      <AuthHeading title="Your account is unlocked">
        <p>Log in with your password. It has not changed.</p>
      </AuthHeading>
      {/* The unlocked account may be another than the one logged in at this browser. */}
      <a href={LOGIN_FOR_ANYBODY} className={buttonStyles({ variant: "primary", className: "w-full" })}>
        Go to login
      </a>
      <p className="mt-6 border-t pt-5 text-muted">
        {"Forgotten it, or worried that somebody else knows it? "}
        <TextLink href="/forgot-password">Choose a new password</TextLink>
      </p>
    </>
  );
}
