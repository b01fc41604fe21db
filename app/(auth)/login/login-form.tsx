"use client";

import { useEffect, useRef } from "react";
import { EmailField } from "@/app/(auth)/email-field";
import { LOGIN_FOR_ANYBODY } from "@/app/(auth)/login-for-anybody";
import { useFormAction } from "@/components/form/use-form-action";
import { withoutReset } from "@/components/form/without-reset";
import { AuthHeading } from "@/components/layout/auth-frame";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Label } from "@/components/ui/label";
import { PasswordInput } from "@/components/ui/password-input";
import { TextLink } from "@/components/ui/text-link";
import { useInBrowser } from "@/components/ui/use-in-browser";
import { logIn } from "./actions";
import type { LoginState } from "./login-state";

const start: LoginState = { message: null, email: "", kind: "idle" };

type LoginFormProps = {
  next: string;
  notice: { tone: "done" | "info"; text: string } | null;
  baseUrl: string;
};

/**
 * Tells by trying whether the browser stores cookies. A Chromium whose settings let no site store data says that it does
 * (`navigator.cookieEnabled`).
 */
function storesCookies(): boolean {
  // A name of its own: another tab that tries at this moment would delete it.
  const probe = `probe${Math.random()}=1`;
  // biome-ignore lint/suspicious/noDocumentCookie: over http there is no other way
  document.cookie = `${probe}; SameSite=Lax`;
  const isStored = document.cookie.includes(probe);
  // biome-ignore lint/suspicious/noDocumentCookie: over http there is no other way
  document.cookie = `${probe}; Max-Age=0`;
  return isStored;
}

/**
 * Returns this page's address at Gatehouse, if it came over http although BASE_URL is https, or the reverse: what it sends
 * would be refused, without a word that a script can read. No page is served at another host.
 */
function addressOverOtherScheme(baseUrl: string): string | null {
  const { protocol, pathname, search } = window.location;
  return baseUrl.startsWith(protocol) ? null : `${baseUrl}${pathname}${search}`;
}

/** E-mail and password. Works without scripts: the action then renders this page again with the new state. */
export function LoginForm({ next, notice, baseUrl }: LoginFormProps) {
  const [state, action, isPending] = useFormAction<LoginState>(logIn, start, (message, _, form) => ({
    kind: "unanswered",
    email: String(form.get("email")),
    message,
  }));
  const form = useRef<HTMLFormElement>(null);
  /** What was sent last. */
  const sent = useRef<FormData | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const noticeText = notice?.text;
  const takesCookies = useInBrowser(storesCookies, true);
  const ownAddress = useInBrowser(() => addressOverOtherScheme(baseUrl), null);

  // A screen reader announces only what changes, and the notice comes with the page.
  useEffect(() => {
    if (noticeText && document.activeElement === document.body) title.current?.focus();
  }, [noticeText]);

  useEffect(() => {
    // The focused form is gone; the focus moves to what it says instead.
    if (state.kind === "reset-mailed" || state.kind === "reset-unmailed") title.current?.focus();
    if (state.kind !== "refused") return;
    const [email, password] = ["#email", "#password"].map((id) =>
      form.current?.querySelector<HTMLInputElement>(id),
    );
    if (!state.email.trim()) return email?.focus();
    // A password that was corrected meanwhile has not been refused.
    if (password && password.value === sent.current?.get("password")) password.value = "";
    password?.focus();
  }, [state]);

  function send(entries: FormData) {
    sent.current = entries;
    action(entries);
  }

  if (state.kind === "reset-mailed" || state.kind === "reset-unmailed") {
    return (
      <>
        <AuthHeading ref={title} title={resetTitles[state.kind]}>
          <p>{state.message}</p>
        </AuthHeading>
        {state.kind === "reset-mailed" ? (
          <p className="text-muted">Nothing there? Check your spam folder.</p>
        ) : null}
        <p className="mt-6 border-t pt-5 text-center">
          <TextLink href={LOGIN_FOR_ANYBODY}>Back to login</TextLink>
        </p>
      </>
    );
  }
  return (
    <>
      <AuthHeading ref={title} title="Log in" describedBy="login-message" />
      <div id="login-message" aria-live="polite">
        {state.message ? (
          <Callout tone={tones[state.kind]} isWaiting={isPending} className="mb-5">
            {state.message}
          </Callout>
        ) : notice ? (
          <Callout tone={notice.tone} className="mb-5">
            {notice.text}
          </Callout>
        ) : null}
        {ownAddress ? (
          <Callout tone="warning" title="Nobody can log in at this address" className="mb-5">
            <span>{"Gatehouse is at "}</span>
            <TextLink href={ownAddress} className="underline">
              {baseUrl}
            </TextLink>
            <span>. To use another address, set BASE_URL to it.</span>
          </Callout>
        ) : null}
        {takesCookies ? null : (
          <Callout tone="warning" title="This browser refuses cookies" className="mb-5">
            Without one you would have to log in again for every page. Allow cookies for this site, then
            reload the page.
          </Callout>
        )}
      </div>
      <form
        ref={form}
        action={action}
        onSubmit={withoutReset(send)}
        noValidate
        className="grid grid-cols-1 gap-5"
      >
        <input type="hidden" name="next" value={next} />
        <EmailField defaultValue={state.email} />
        <div className="grid gap-1.5">
          <Label htmlFor="password">Password</Label>
          <PasswordInput id="password" name="password" autoComplete="current-password" required />
        </div>
        <Button type="submit" variant="primary" busy={isPending} className="mt-1 w-full">
          {isPending ? "Logging in…" : "Log in"}
        </Button>
      </form>
      <p className="mt-5 text-center">
        <TextLink href="/forgot-password">Forgot your password?</TextLink>
      </p>
    </>
  );
}

const resetTitles = {
  "reset-mailed": "Check your mail",
  "reset-unmailed": "You need a new password",
} as const;

const tones = {
  idle: "info",
  refused: "danger",
  throttled: "warning",
  overloaded: "warning",
  unanswered: "warning",
} as const satisfies Record<Exclude<LoginState["kind"], keyof typeof resetTitles>, string>;
