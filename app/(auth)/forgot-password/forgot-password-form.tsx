"use client";

import { type InvalidEvent, type Ref, useEffect, useRef, useState } from "react";
import { EmailField } from "@/app/(auth)/email-field";
import { LOGIN_FOR_ANYBODY } from "@/app/(auth)/login-for-anybody";
import { emailProblem } from "@/components/form/email-problem";
import { RefusalNotice } from "@/components/form/refusal-notice";
import { useFormAction } from "@/components/form/use-form-action";
import { withoutBubble } from "@/components/form/without-bubble";
import { withoutReset } from "@/components/form/without-reset";
import { AuthHeading } from "@/components/layout/auth-frame";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";
import { forgotPassword } from "./actions";
import type { ForgotPasswordState } from "./forgot-password-state";

const start: ForgotPasswordState = { kind: "idle" };

/** Takes an address and gives the same answer for every address, so that it reveals no accounts. */
export function ForgotPasswordForm({ title, text }: { title: string; text: string }) {
  const [state, action, isPending] = useFormAction<ForgotPasswordState>(
    forgotPassword,
    start,
    (message, _, form) => ({
      kind: "failed",
      message,
      email: String(form.get("email")),
    }),
  );
  const [problem, setProblem] = useState<string | null>(null);

  function refuse(event: InvalidEvent<HTMLInputElement>) {
    withoutBubble(event);
    setProblem(emailProblem(event.currentTarget));
  }

  if (state.kind === "noted") return <Noted email={state.email} isMailed={state.isMailed} />;
  return (
    <>
      <AuthHeading title={title}>
        <p>{text}</p>
      </AuthHeading>
      <RefusalNotice message={state.kind === "failed" ? state.message : null} isWaiting={isPending} />
      <form action={action} onSubmit={withoutReset(action)} className="grid grid-cols-1 gap-5">
        <EmailField
          defaultValue={state.kind === "failed" ? state.email : ""}
          problem={problem}
          onInvalid={refuse}
          onChange={() => setProblem(null)}
        />
        <Button type="submit" variant="primary" busy={isPending} className="w-full">
          {isPending ? "Sending…" : "Send link"}
        </Button>
      </form>
      <p className="mt-5 text-center">
        <TextLink href={LOGIN_FOR_ANYBODY}>Back to login</TextLink>
      </p>
    </>
  );
}

function Noted({ email, isMailed }: { email: string; isMailed: boolean }) {
  const title = useRef<HTMLHeadingElement>(null);
  // The focused form is gone; the focus moves here.
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      {isMailed ? <LinkMailed email={email} title={title} /> : <LinkUnmailed email={email} title={title} />}
      <p className="mt-6 border-t pt-5 text-center">
        <TextLink href={LOGIN_FOR_ANYBODY}>Back to login</TextLink>
      </p>
    </>
  );
}

type NotedProps = { email: string; title: Ref<HTMLHeadingElement> };

const typed = (email: string) => <bdi className="font-medium break-words text-ink">{email}</bdi>;

function LinkMailed({ email, title }: NotedProps) {
  return (
    <>
      <AuthHeading ref={title} title="Check your mail">
        <p>
          If there is an account with the address {typed(email)}, a link is on its way. It can take a minute
          or two.
        </p>
      </AuthHeading>
      <p className="text-muted">
        Nothing there? Check your spam folder, and the address for typos. A second link is only sent a few
        minutes after the first, and none while the account is disabled.
      </p>
      <p className="mt-4">
        {/* Loads the same page again, with an empty form. */}
        <TextLink href="">Enter the address again</TextLink>
      </p>
    </>
  );
}

/** Without a mail server only an administrator can hand over a link. */
function LinkUnmailed({ email, title }: NotedProps) {
  return (
    <AuthHeading ref={title} title="No mail can be sent yet">
      <p>
        Gatehouse cannot send mail yet, so no link is on its way to {typed(email)}. Ask your administrator for
        one.
      </p>
    </AuthHeading>
  );
}
