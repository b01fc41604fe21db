import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthHeading } from "@/components/layout/auth-frame";
import { EmailAddress } from "@/components/ui/email-address";
import { TextLink } from "@/components/ui/text-link";
import { ownPath } from "@/lib/request/own-path";
import { currentActor } from "@/lib/request/page";
import { LoginForm } from "./login-form";

export const metadata: Metadata = { title: "Log in" };

const PASSWORD_SET = "Your password is set. Log in with it.";
/** The same where somebody else is logged in at the browser. */
const PASSWORD_SET_BESIDE = "password-set-beside";

/** From the page of a mailed link, which need not have been for whoever is logged in at the browser. */
const MAILED_LINK = "mailed-link";

/** Why a person arrives here, by the code in `?notice=`. An unknown code says nothing. */
const notices: ReadonlyMap<string, string> = new Map([
  ["logged-out", "You are logged out."],
  ["session-ended", "Your session has ended. Log in again to go on."],
  ["password-set", PASSWORD_SET],
  [PASSWORD_SET_BESIDE, PASSWORD_SET],
]);

type LoginPageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function LoginPage({ searchParams }: LoginPageProps) {
  const { next, notice } = await searchParams;
  const actor = await currentActor();
  const present = actor.kind === "person" ? actor.email : null;
  if (present && notice !== PASSWORD_SET_BESIDE && notice !== MAILED_LINK) redirect(ownPath(next));
  const text = typeof notice === "string" ? notices.get(notice) : undefined;
  const tone = text === PASSWORD_SET ? "done" : "info";
  return (
    <>
      <AuthHeading title="Log in" />
      <LoginForm next={typeof next === "string" ? next : ""} notice={text ? { tone, text } : null} />
      <p className="mt-5 text-center">
        <TextLink href="/forgot-password">Forgot your password?</TextLink>
      </p>
      {present ? <Present email={present} goOn={ownPath(next)} /> : null}
    </>
  );
}

/** Who is logged in at this browser while another person comes to log in. */
function Present({ email, goOn }: { email: string; goOn: string }) {
  return (
    <p className="mt-6 border-t pt-5 text-muted">
      At this browser <EmailAddress address={email} /> is logged in. Your login ends that session; or{" "}
      <TextLink href={goOn} className="underline">
        go on in it
      </TextLink>
      .
    </p>
  );
}
