"use client";

import { type InputEvent, useEffect, useRef, useState } from "react";
import { useFormAction } from "@/components/form/use-form-action";
import { withoutReset } from "@/components/form/without-reset";
import { Button } from "@/components/ui/button";
import { CardFields } from "@/components/ui/card";
import { controlId, Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { MAX_NAME_LENGTH } from "@/lib/accounts/rules";
import type { Profile } from "@/lib/accounts/schema";
import type { ProfileState } from "./account-state";
import { saveProfile } from "./actions";
import { FormMessage } from "./form-message";

const fields = [
  { name: "firstName", label: "First name", autoComplete: "given-name" },
  { name: "lastName", label: "Last name", autoComplete: "family-name" },
] as const satisfies { name: keyof Profile; label: string; autoComplete: string }[];

/** Tells whether a field has the text that was sent: nothing was typed into it since. */
function isAsSent(field: unknown, sent: FormData | null): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.value === sent?.get(field.name);
}

/** The part of the account that its owner may change. */
export function ProfileForm({ personId, profile }: { personId: string; profile: Profile }) {
  const start: ProfileState = {
    kind: "idle",
    message: null,
    values: profile,
    seen: profile,
    fieldErrors: {},
  };
  const [state, action, isPending] = useFormAction<ProfileState>(saveProfile, start, (message, _, form) => ({
    kind: "refused",
    message,
    seen: null,
    fieldErrors: {},
    values: {
      firstName: String(form.get("firstName")),
      lastName: String(form.get("lastName")),
    },
  }));
  const form = useRef<HTMLFormElement>(null);
  /** What was sent last. */
  const sent = useRef<FormData | null>(null);
  /** The fields in which something was typed since then. */
  const [edited, setEdited] = useState<ReadonlySet<string>>(new Set());

  function send(entries: FormData) {
    sent.current = entries;
    setEdited(new Set());
    action(entries);
  }

  // Shows the names as they were saved, but keeps what was typed during the save.
  useEffect(() => {
    for (const { name } of fields) {
      const input = form.current?.elements.namedItem(name);
      if (isAsSent(input, sent.current)) input.value = state.values[name];
    }
    const refused = fields.find(({ name }) => state.fieldErrors[name]);
    const wrong = document.getElementById(controlId(refused?.name ?? ""));
    if (isAsSent(wrong, sent.current)) wrong.focus();
  }, [state]);

  function noteEdit({ target }: InputEvent<HTMLFormElement>) {
    if (target instanceof HTMLInputElement) setEdited((before) => new Set(before).add(target.name));
  }

  return (
    <form ref={form} action={action} onSubmit={withoutReset(send)} onInput={noteEdit}>
      <input type="hidden" name="person" value={personId} />
      {state.seen ? (
        <>
          <input type="hidden" name="seenFirstName" value={state.seen.firstName} />
          <input type="hidden" name="seenLastName" value={state.seen.lastName} />
        </>
      ) : null}
      <CardFields>
        {fields.map(({ name, label, autoComplete }) => (
          // An error is about the text that was sent, so it goes once that is edited.
          <Field
            key={name}
            id={name}
            label={label}
            error={edited.has(name) ? undefined : state.fieldErrors[name]}
          >
            {(control) => (
              <Input
                {...control}
                name={name}
                dir="auto"
                defaultValue={state.values[name]}
                autoComplete={autoComplete}
                maxLength={MAX_NAME_LENGTH}
              />
            )}
          </Field>
        ))}
      </CardFields>
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-t px-5 py-4 sm:px-6">
        <FormMessage
          tone={state.kind === "saved" ? "done" : "danger"}
          message={
            state.kind === "saved" && edited.size > 0 ? "Saved, except what you typed since." : state.message
          }
          isWaiting={isPending}
        />
        <Button type="submit" variant="primary" busy={isPending}>
          {isPending ? "Saving…" : "Save"}
        </Button>
      </div>
    </form>
  );
}
