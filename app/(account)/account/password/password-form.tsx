"use client";

import { useEffect, useRef, useState } from "react";
import { useFormAction } from "@/components/form/use-form-action";
import { withoutBubble } from "@/components/form/without-bubble";
import { withoutReset } from "@/components/form/without-reset";
import { NewPasswordFields } from "@/components/password/new-password-fields";
import { useNewestPolicy } from "@/components/password/use-newest-policy";
import { UsernameField } from "@/components/password/username-field";
import { Button, buttonStyles } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { CardBody } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field-error";
import { Label } from "@/components/ui/label";
import { PasswordInput } from "@/components/ui/password-input";
import { TextLink } from "@/components/ui/text-link";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { changeOwnPassword } from "./actions";
import type { ChangePasswordState } from "./password-state";

const start: ChangePasswordState = { message: null, field: null, violations: [] };

type PasswordFormProps = { personId: string; policy: PasswordPolicy; email: string };

/** The current password, then the new one, checked against the policy. Works without scripts. */
export function PasswordForm({ personId, policy, email }: PasswordFormProps) {
  const [state, action, isPending] = useFormAction<ChangePasswordState>(
    changeOwnPassword,
    start,
    (message) => ({ ...start, message }),
    // The session's new token is lost with the answer, and the earlier one has ended.
    "Check your connection and try again; if you are asked to log in, use the new password.",
  );
  const newest = useNewestPolicy(policy, state.policy);
  const [isMissing, setMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  // Clears only the password that the answer objects to.
  useEffect(() => {
    const current = form.current?.querySelector<HTMLInputElement>("#current-password");
    if (!current || !state.field) return;
    if (state.field === "current") {
      current.value = "";
      current.focus();
      return;
    }
    const typed = current.value;
    form.current?.reset();
    current.value = typed;
    form.current?.querySelector<HTMLInputElement>("#new-password")?.focus();
  }, [state]);

  return (
    <form ref={form} action={action} onSubmit={withoutReset(action)}>
      <input type="hidden" name="person" value={personId} />
      <CardBody className="grid max-w-md grid-cols-1 gap-6">
        <div id="password-message" aria-live="polite" className="empty:absolute">
          {state.message ? (
            <Callout tone="danger" isWaiting={isPending}>
              {state.message}
            </Callout>
          ) : null}
        </div>
        <UsernameField address={email} />
        <div className="grid gap-1.5">
          <Label htmlFor="current-password">Current password</Label>
          <div>
            <PasswordInput
              id="current-password"
              name="currentPassword"
              autoComplete="current-password"
              what="current password"
              required
              aria-describedby={
                state.field === "current"
                  ? "password-message current-password-problem"
                  : "current-password-problem"
              }
              aria-invalid={isMissing || state.field === "current" ? true : undefined}
              onInvalid={(event) => {
                withoutBubble(event);
                setMissing(true);
              }}
              onChange={() => setMissing(false)}
            />
            <FieldError
              id="current-password-problem"
              message={isMissing ? "Enter your current password." : null}
            />
          </div>
          <p className="text-sm">
            <TextLink href="/forgot-password">Forgot your password?</TextLink>
          </p>
        </div>
        <NewPasswordFields
          policy={newest}
          objection={state.objection}
          violations={state.violations}
          username={email}
        />
      </CardBody>
      <div className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-4 sm:px-6">
        <a href="/account" className={buttonStyles()}>
          Cancel
        </a>
        <Button type="submit" variant="primary" busy={isPending}>
          {isPending ? "Saving…" : "Change password"}
        </Button>
      </div>
    </form>
  );
}
