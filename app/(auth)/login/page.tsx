import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { EmailAddress } from "@/components/ui/email-address";
import { TextLink } from "@/components/ui/text-link";
import { env } from "@/lib/core/env";
import { currentActor } from "@/lib/request/page";
import { pageAfterLogin } from "@/lib/request/start-page";
import { FreshDocument } from "./fresh-document";
import { LoginForm } from "./login-form";

export const metadata: Metadata = { title: "Log in" };

type Notice = {
  text?: string;
  tone?: "done" | "info";
  /**
   * The visitor may be another person than the one who is logged in at this browser: the page must not redirect into
   * that session.
   */
  isForAnybody?: boolean;
};

const passwordSet: Notice = { text: "Your password is set. Log in with it.", tone: "done" };

/** The notice for each code in `?notice=`. An unknown code shows nothing. */
const notices: ReadonlyMap<unknown, Notice> = new Map([
  ["logged-out", { text: "You are logged out." }],
  ["session-ended", { text: "Your session has ended. Log in again to continue." }],
  ["password-set", passwordSet],
  ["password-set-beside", { ...passwordSet, isForAnybody: true }],
  ["mailed-link", { isForAnybody: true }],
]);

export default async function LoginPage({ searchParams }: PageProps<"/login">) {
  const { next, notice: code } = await searchParams;
  const { text, tone = "info", isForAnybody = false } = notices.get(code) ?? {};
  const actor = await currentActor();
  const person = actor.kind === "person" ? actor : null;
  if (person && !isForAnybody) redirect(pageAfterLogin(person, next));
  return (
    <>
      <FreshDocument />
      <LoginForm
        next={typeof next === "string" ? next : ""}
        notice={text ? { tone, text } : null}
        baseUrl={env().BASE_URL}
      />
      {person ? <CurrentSession email={person.email} continueTo={pageAfterLogin(person, next)} /> : null}
    </>
  );
}

/** Says who is logged in at this browser, for when another person comes to log in. */
function CurrentSession({ email, continueTo }: { email: string; continueTo: string }) {
  return (
    <p className="mt-6 border-t pt-5 text-muted">
      <EmailAddress address={email} />
      {" is logged in on this browser. Logging in ends that session. Or "}
      <TextLink href={continueTo} className="underline">
        continue as <EmailAddress address={email} />
      </TextLink>
      .
    </p>
  );
}
