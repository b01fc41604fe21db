"use client";

import { type SubmitEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { controlId, Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { emailKey } from "@/lib/accounts/rules";
import { editUserSchema, type UserRow } from "@/lib/users/schema";
import { edit } from "../actions";
import { type AccountFailure, failureText } from "../failure-text";
import { isStale, toastFailure, useAccountChange } from "../use-account-change";
import {
  changesText,
  type Entry,
  type EntryErrors,
  errorsOf,
  fields,
  rebased,
  serverErrors,
} from "../user-entry";

const formId = "edit-user";

type EditButtonProps = { user: Pick<UserRow, "id" | "email" | "firstName" | "lastName" | "state"> };

/** Changes the name and the address of an account. */
export function EditButton({ user }: EditButtonProps) {
  const { id: userId, email, firstName, lastName, state } = user;
  const { isBusy, run } = useAccountChange(showFailure);
  /** What the account had when the dialog was opened, or by the last refusal. The page may be refreshed meanwhile. */
  const [seen, setSeen] = useState<Entry>({ email, firstName, lastName });
  const [entry, setEntry] = useState<Entry | null>(null);
  const [errors, setErrors] = useState<EntryErrors>({});
  const [failure, setFailure] = useState<ReturnType<typeof failureText> | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const isMoved = entry !== null && emailKey(entry.email.trim()) !== emailKey(seen.email);

  function open() {
    const current = { email, firstName, lastName };
    setSeen(current);
    setEntry(current);
    setErrors({});
    setFailure(null);
  }

  /** An error is about the text that was sent, so it goes once that is edited. */
  function type(name: keyof EntryErrors, text: string) {
    setEntry({ ...(entry ?? seen), [name]: text });
    setErrors((before) => ({ ...before, [name]: undefined }));
  }

  function refuse(found: EntryErrors) {
    setErrors(found);
    const first = fields.find(({ name }) => found[name]);
    if (first) document.getElementById(controlId(`edit-${first.name}`))?.focus();
  }

  /** Names what somebody else has saved, and keeps what was typed beside it; Save then replaces what is named. */
  function rebase(current: Entry) {
    setEntry((typed) => typed && rebased(typed, seen, current));
    setSeen(current);
    setFailure({
      title: "This account has changed in the meantime",
      text: `Stored by now: ${changesText(seen, current)}. Nothing was saved. What you entered is still here: check it and save again.`,
    });
  }

  /** Keeps what was typed, unless the account is gone. */
  function showFailure(answer: AccountFailure) {
    // Closed before the answer came; the page of another account may have the same dialog.
    if (!form.current) return toastFailure(answer);
    if ("fieldErrors" in answer) return refuse(serverErrors(answer.fieldErrors));
    if ("current" in answer && answer.current) return rebase(answer.current);
    if (!isStale(answer)) return setFailure(failureText(answer, { keepsEntry: true }));
    setEntry(null);
    toastFailure(answer);
  }

  async function save(event: SubmitEvent) {
    event.preventDefault();
    if (isBusy || !entry) return;
    const checked = editUserSchema.safeParse({ ...entry, email: entry.email.trim(), userId, seen });
    if (!checked.success) return refuse(errorsOf(checked.error));
    setErrors({});
    setFailure(null);
    const answer = await run(() => edit(checked.data));
    if (!answer) return;
    setEntry(null);
    toast("Saved.", isMoved ? { description: `The account’s address is ${checked.data.email}.` } : {});
  }

  return (
    <>
      <Button size="sm" busy={isBusy} onClick={open}>
        Edit name and e-mail
      </Button>
      <Dialog
        open={entry !== null}
        onClose={() => setEntry(null)}
        title="Name and e-mail"
        description="The person logs in with this address and receives mail there."
        footer={
          <>
            <Button onClick={() => setEntry(null)}>Cancel</Button>
            <Button variant="primary" type="submit" form={formId} busy={isBusy}>
              Save
            </Button>
          </>
        }
      >
        <form ref={form} method="post" id={formId} noValidate onSubmit={(event) => void save(event)}>
          <div className="grid gap-5">
            {fields.map(({ name, label, help: _, ...input }) => (
              <Field key={name} id={`edit-${name}`} layout="stack" label={label} error={errors[name]}>
                {(control) => (
                  <Input
                    {...control}
                    {...input}
                    value={entry?.[name] ?? ""}
                    onChange={(event) => type(name, event.target.value)}
                  />
                )}
              </Field>
            ))}
          </div>
          <div aria-live="polite" className="grid gap-3 not-empty:mt-5">
            {failure ? (
              <Callout tone="danger" title={failure.title}>
                {failure.text}
              </Callout>
            ) : null}
            {isMoved ? (
              <Callout tone="info">
                Links sent earlier stop working.{" "}
                {state === "invited"
                  ? "Send a new activation link afterwards."
                  : "Both addresses are notified. Sessions stay open."}
              </Callout>
            ) : null}
          </div>
        </form>
      </Dialog>
    </>
  );
}
