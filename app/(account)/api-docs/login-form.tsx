"use client";

import { type InvalidEvent, type SubmitEvent, useState } from "react";
import { emailProblem } from "@/components/form/email-problem";
import { withoutBubble } from "@/components/form/without-bubble";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FieldError } from "@/components/ui/field-error";
import { Input } from "@/components/ui/input";
import { PasswordInput } from "@/components/ui/password-input";
import { type HeldToken, readToken } from "./held-token";
import { refusalWords } from "./outcome-words";
import { sendTrial } from "./trial";

/** Gets a token with the REST login call. The password goes to that call and nowhere else. */
export function LoginForm({ email, onToken }: { email: string; onToken: (token: HeldToken) => void }) {
  const [error, setError] = useState<string | null>(null);
  const [problems, setProblems] = useState<{ email?: string | null; password?: string | null }>({});
  const [isBusy, setBusy] = useState(false);

  function refuse(event: InvalidEvent<HTMLInputElement>) {
    withoutBubble(event);
    const input = event.currentTarget;
    const found =
      input.name === "password" ? { password: "Enter your password." } : { email: emailProblem(input) };
    setProblems((before) => ({ ...before, ...found }));
  }

  async function logIn(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const entries = new FormData(event.currentTarget);
    const [username, password] = [entries.get("username"), entries.get("password")];
    setError(null);
    setBusy(true);
    const outcome = await sendTrial({
      method: "POST",
      path: "/api/auth/login",
      parameters: [],
      body: JSON.stringify({ username, password }),
    });
    setBusy(false);
    const pair = outcome.kind === "answer" ? outcome.pair : null;
    const token = pair && readToken(pair.token, pair.refreshToken);
    if (token) onToken(token);
    else setError(refusalWords(outcome));
  }

  return (
    <form
      method="post"
      onSubmit={logIn}
      aria-labelledby="token-login"
      className="grid content-start gap-4 px-5 py-5 sm:px-6"
    >
      <h3 id="token-login" className="font-semibold">
        Log in to get a token
      </h3>
      <Field id="token-username" label="E-mail" error={problems.email} layout="stack">
        {(control) => (
          <Input
            {...control}
            name="username"
            type="email"
            required
            defaultValue={email}
            autoComplete="username"
            onInvalid={refuse}
            onChange={() => setProblems((before) => ({ ...before, email: null }))}
          />
        )}
      </Field>
      <Field
        id="token-password"
        label="Password"
        help="Starts a new session. A wrong password counts as a failed attempt."
        error={problems.password}
        layout="stack"
      >
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            required
            autoComplete="current-password"
            onInvalid={refuse}
            onChange={() => setProblems((before) => ({ ...before, password: null }))}
          />
        )}
      </Field>
      <div>
        <Button type="submit" variant="primary" busy={isBusy}>
          Get a token
        </Button>
        <FieldError id="token-login-error" message={error} />
      </div>
    </form>
  );
}
