"use client";

import { type SubmitEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { unanswered } from "@/components/form/unanswered";
import { Button, buttonStyles } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card, CardBody, CardFields } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { ChoiceCard, ChoiceGroup } from "@/components/ui/choice-card";
import { controlId, Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { PageLink } from "@/components/ui/page-link";
import { TextLink } from "@/components/ui/text-link";
import { toast } from "@/components/ui/toast";
import { authorities, type NewUserInput, newUserSchema } from "@/lib/users/schema";
import { invite } from "../actions";
import { failureText } from "../failure-text";
import { toastFailure } from "../use-account-change";
import { type EntryErrors, errorsOf, fields, serverErrors } from "../user-entry";
import { authorityWords } from "../user-words";
import { usersAddress } from "../users-address";

export type Invited = {
  userId: string;
  email: string;
  isMailed: boolean;
  /** The mail waits: the mail server was removed after the form was loaded. */
  isWaiting: boolean;
  activationUrl: string;
  expiresAt: Date;
};

/** The default authority gives access to the platform only; anything more must be chosen. */
const empty = { email: "", firstName: "", lastName: "", authority: "CUSTOMER_USER" } as const;

const sendMailId = "user-sendMail-control";

type NewUserFormProps = {
  hasServer: boolean;
  /** The form follows an invitation: the focused button is gone, and the next thing to do is to type an address. */
  isAnother: boolean;
  onInvited: (invited: Invited) => void;
};

/** The form for the invited person and their authority. */
export function NewUserForm({ hasServer, isAnother, onInvited }: NewUserFormProps) {
  const [entry, setEntry] = useState<NewUserInput>({ ...empty, sendMail: hasServer });
  const [errors, setErrors] = useState<EntryErrors>({});
  /** The address that turned out to have an account already. */
  const [taken, setTaken] = useState<string | null>(null);
  const [failure, setFailure] = useState<ReturnType<typeof failureText> | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const sendMail = entry.sendMail && hasServer;
  const set = (change: Partial<NewUserInput>) => setEntry((before) => ({ ...before, ...change }));

  /** An error is about the text that was sent, so it goes once that is edited. */
  function type(name: keyof EntryErrors, text: string) {
    set({ [name]: text });
    setErrors((before) => ({ ...before, [name]: undefined }));
  }

  // What was entered before hydration; the next render would overwrite it.
  useLayoutEffect(() => {
    const typed = fields.map(({ name }) => {
      const control = document.getElementById(controlId(`user-${name}`));
      return [name, control instanceof HTMLInputElement ? control.value : ""];
    });
    const chosen = document.querySelector<HTMLInputElement>('#invite input[name="authority"]:checked');
    const mailing = document.querySelector<HTMLInputElement>(`#${sendMailId}`);
    setEntry((before) => ({
      ...before,
      ...Object.fromEntries(typed),
      authority: authorities.find((authority) => authority === chosen?.value) ?? before.authority,
      sendMail: mailing?.checked ?? before.sendMail,
    }));
  }, []);

  useEffect(() => {
    if (isAnother) document.getElementById(controlId("user-email"))?.focus();
  }, [isAnother]);

  function refuse(found: EntryErrors) {
    setErrors(found);
    const first = fields.find(({ name }) => found[name]);
    if (first) document.getElementById(controlId(`user-${first.name}`))?.focus();
  }

  async function send(event: SubmitEvent) {
    event.preventDefault();
    if (isBusy) return;
    setFailure(null);
    setTaken(null);
    const checked = newUserSchema.safeParse({ ...entry, email: entry.email.trim(), sendMail });
    if (!checked.success) return refuse(errorsOf(checked.error));
    setErrors({});
    setBusy(true);
    const answer = await invite(checked.data).catch(unanswered);
    setBusy(false);
    const { email } = checked.data;
    // Left before the answer came: the list that may be shown by now is still refreshed by `onInvited`.
    const isLeft = !form.current;
    if (isLeft && !answer.ok) return toastFailure(answer);
    if (isLeft) {
      const description = "You can create a new activation link on the account’s page.";
      toast(`${email} is invited.`, { description });
    }
    if (answer.ok) onInvited({ ...answer, email, isMailed: sendMail });
    else if ("fieldErrors" in answer) {
      const found = serverErrors(answer.fieldErrors);
      // What the schema of both sides refuses was not sent, so the server's only objection is that the account exists.
      if (found.email) setTaken(email);
      refuse(found);
    } else setFailure(failureText(answer, { keepsEntry: true }));
  }

  return (
    <Card id="invite">
      <h2 id="invite-title" className="sr-only">
        The new account
      </h2>
      <form ref={form} method="post" noValidate autoComplete="off" onSubmit={(event) => void send(event)}>
        <CardFields>
          {fields.map(({ name, label, help, ...input }) => (
            <Field
              key={name}
              id={`user-${name}`}
              label={label}
              help={help}
              error={errors[name]}
              remedy={
                name === "email" && taken !== null ? (
                  <TextLink href={usersAddress({ search: taken })}>Find the account in Users</TextLink>
                ) : null
              }
            >
              {(control) => (
                <Input
                  {...control}
                  {...input}
                  name={name}
                  value={entry[name]}
                  onChange={(event) => type(name, event.target.value)}
                />
              )}
            </Field>
          ))}
          <CardBody>
            <ChoiceGroup legend="Authority">
              {authorities.map((authority) => (
                <ChoiceCard
                  key={authority}
                  name="authority"
                  value={authority}
                  title={authorityWords[authority].label}
                  checked={entry.authority === authority}
                  onChange={() => set({ authority })}
                >
                  {authorityWords[authority].may}
                </ChoiceCard>
              ))}
            </ChoiceGroup>
          </CardBody>
          <CardBody>
            <label htmlFor={sendMailId} className="flex items-start gap-3">
              <Checkbox
                id={sendMailId}
                checked={sendMail}
                disabled={!hasServer}
                aria-describedby="send-note"
                onChange={(event) => set({ sendMail: event.target.checked })}
              />
              <span className="font-medium">Send the activation link by mail</span>
            </label>
            <p id="send-note" className="mt-1 ml-8 text-sm text-muted">
              {hasServer
                ? "You will also see the link afterwards, once."
                : "No mail server is set up. You will see the link afterwards: copy it and hand it over."}
            </p>
          </CardBody>
        </CardFields>
        <div aria-live="polite">
          {failure ? (
            <CardBody className="border-t">
              <Callout tone="danger" title={failure.title}>
                {failure.text}
              </Callout>
            </CardBody>
          ) : null}
        </div>
        <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-4 sm:px-6">
          <PageLink href="/users" className={buttonStyles()}>
            Cancel
          </PageLink>
          <Button variant="primary" type="submit" busy={isBusy}>
            Invite user
          </Button>
        </div>
      </form>
    </Card>
  );
}
