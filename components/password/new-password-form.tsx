"use client";

import { useEffect, useRef } from "react";
import { RefusalNotice } from "@/components/form/refusal-notice";
import { useFormAction } from "@/components/form/use-form-action";
import { withoutReset } from "@/components/form/without-reset";
import { Button } from "@/components/ui/button";
import type { Violation } from "@/lib/password/rules";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { NewPasswordFields } from "./new-password-fields";
import { useNewestPolicy } from "./use-newest-policy";
import { UsernameField } from "./username-field";

/** The state returned by an action that takes a new password. */
export type NewPasswordState = {
  message: string | null;
  /** An objection to the password itself. Shown at the field until the user types again. */
  objection?: string;
  violations: Violation[];
  /** The policy that is violated, where known: it may have changed since the form was loaded. */
  policy?: PasswordPolicy;
};

type NewPasswordFormProps = {
  action: (previous: NewPasswordState, form: FormData) => Promise<NewPasswordState>;
  policy: PasswordPolicy;
  /** The one-time token from the link; absent where a cookie carries the grant. */
  token?: string;
  submit: string;
  /** Whose password it becomes. Absent behind a mailed link, which must not reveal it. */
  owner?: { userId: string; email: string };
};

const start: NewPasswordState = { message: null, violations: [] };

/** The form behind every link or grant that lets somebody choose a new password. Works without scripts. */
export function NewPasswordForm({ action, policy, token, submit, owner }: NewPasswordFormProps) {
  const [state, formAction, isPending] = useFormAction<NewPasswordState>(action, start, (message) => ({
    ...start,
    message,
  }));
  const newest = useNewestPolicy(policy, state.policy);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (!state.objection) return;
    form.current?.reset();
    form.current?.querySelector<HTMLInputElement>("#new-password")?.focus();
  }, [state]);

  return (
    <form ref={form} action={formAction} onSubmit={withoutReset(formAction)} className="grid grid-cols-1">
      <RefusalNotice message={state.message} isWaiting={isPending} />
      {token === undefined ? null : <input type="hidden" name="token" value={token} />}
      {owner ? <input type="hidden" name="person" value={owner.userId} /> : null}
      {owner ? <UsernameField address={owner.email} /> : null}
      <NewPasswordFields
        policy={newest}
        objection={state.objection}
        violations={state.violations}
        {...(owner && { username: owner.email })}
      />
      <Button type="submit" variant="primary" busy={isPending} className="mt-4 w-full">
        {isPending ? "Saving…" : submit}
      </Button>
    </form>
  );
}
