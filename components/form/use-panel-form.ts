"use client";

import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { controlId } from "@/components/ui/field";
import { clearToasts, toast } from "@/components/ui/toast";
import type { FieldErrors } from "@/lib/core/field-errors";
import { type PanelText, textOf } from "./panel-text";
import type { Conflict, LoadedPanel, SaveAnswer, Saved, SaveFailure } from "./save-answer";
import { savedNotice } from "./saved-by";
import { unanswered } from "./unanswered";
import { useEditedPanel } from "./use-edited-panel";
import type { PanelTextOptions } from "./use-panel-text";
import { useSafeRefresh } from "./use-safe-refresh";

type PanelFormOptions<Values extends object> = PanelTextOptions<Values> & {
  /** Sends an edit. Returns null if the save needs a confirmation first, which the caller then asks for. */
  save: (edit: { version: number; values: Values }) => Promise<SaveAnswer<Values> | null>;
  /** The caller is asking for that confirmation. */
  isAsking?: boolean;
};

/** The result of a save that needs a reaction, apart from the errors in the fields. */
type Outcome<Values> = { failure: SaveFailure | null; conflict: Conflict<Values> | null };
const NO_REACTION = { failure: null, conflict: null };

/**
 * The form of one settings panel: its text, live validation by the shared schema, what has changed, Undo, and Save with
 * all its outcomes. Every outcome except success keeps what was entered.
 */
export function usePanelForm<Values extends object>(options: PanelFormOptions<Values>) {
  const { spec, schema, save, isAsking = false } = options;
  const refresh = useSafeRefresh();
  const [outcome, setOutcome] = useState<Outcome<Values>>(NO_REACTION);
  const [isSaving, setSaving] = useState(false);
  const isPending = isSaving || isAsking || outcome.conflict !== null;
  const { form, text, loaded, base, values, changed, load, undo, catchUpIfClean } = useEditedPanel(
    options,
    isPending,
  );
  // Once its changes are taken back by hand, a failure would come back with the next ones.
  if (outcome.failure && changed.length === 0 && loaded.damaged.length === 0) setOutcome(NO_REACTION);
  /** What was sent last, and the text that it was made of: more may have been typed since. */
  const sent = useRef<{ edit: Values; text: PanelText } | null>(null);
  /** The version of which a save was attempted with errors. */
  const [refused, setRefused] = useState<LoadedPanel<Values> | null>(null);

  const { errors: fieldErrors } = form.formState;
  const errors = Object.keys(spec).flatMap((field) => {
    const message = fieldErrors[field]?.message;
    return message ? [{ field, message }] : [];
  });

  // An error that is entered once all of them were corrected is not one of the refused save.
  const isFaultless = errors.length === 0;
  useEffect(() => {
    if (isFaultless) setRefused(null);
  }, [isFaultless]);

  /** Returns the text that was typed since an edit was sent; it is newer than the server's answer. */
  function typedSince(text: PanelText): PanelText {
    return Object.fromEntries(
      Object.entries(form.getValues()).filter(([name, entered]) => entered !== text[name]),
    );
  }

  function settle({ panel, mergedWith }: Saved<Values>, text: PanelText) {
    load(panel, { ...textOf(panel.values), ...typedSince(text) });
    toast(savedNotice(mergedWith));
    refresh(); // Otherwise the browser's back button would show the page as it was before.
  }

  function refuse(messages: FieldErrors) {
    const known = Object.keys(spec).filter((field) => messages[field]);
    for (const field of known) form.setError(field, { message: messages[field]?.[0] ?? "" });
    if (known.length > 0) showErrors(known[0]);
    else setOutcome({ failure: { ok: false, code: "unexpected", requestId: "" }, conflict: null });
  }

  function showErrors(first: string | undefined) {
    // At once: the summary of the errors moves the field.
    flushSync(() => setRefused(base.current));
    if (!first) return;
    document.getElementById(controlId(first))?.focus({ preventScroll: true });
    document.getElementById(first)?.scrollIntoView({ block: "nearest" });
  }

  async function send(edit: Values, text: PanelText) {
    sent.current = { edit, text };
    setSaving(true);
    setOutcome(NO_REACTION);
    const answer = await save({ version: base.current.version, values: edit }).catch(unanswered);
    setSaving(false);
    if (answer === null) return;
    if (answer.ok) settle(answer, text);
    else if (answer.code === "invalid") refuse(answer.fieldErrors);
    else if (answer.code === "conflict") {
      setOutcome({ failure: null, conflict: answer });
      // Undo must restore what is in force now, and the key ring beside the fields must match it.
      refresh();
    } else setOutcome({ failure: answer, conflict: null });
  }

  const sendIfValid = form.handleSubmit(
    (edit) => send(edit, { ...form.getValues() }),
    (invalid) => showErrors(Object.keys(spec).find((field) => invalid[field])),
  );
  async function submit() {
    clearToasts();
    setRefused(null); // A second refusal is then announced like the first.
    await sendIfValid();
  }

  return {
    spec,
    schema,
    loaded,
    text,
    values,
    changed,
    errors,
    /** A save was attempted with errors, and some are still there. */
    isRefused: refused === loaded && errors.length > 0,
    isSaving,
    failure: outcome.failure,
    conflict: outcome.conflict,
    submit,
    /** Sends once more what was sent last, as it was confirmed: text typed since is not part of it. */
    async resend() {
      if (sent.current) await send(sent.current.edit, sent.current.text);
    },
    setField: (name: string, entered: string | boolean) => form.setValue(name, entered),
    undo() {
      setOutcome(NO_REACTION);
      undo();
    },
    /** Runs on blur: a form that is clean again shows the version now in force. */
    leaveField: catchUpIfClean,
    leaveConflict: () => setOutcome(NO_REACTION),
    /** Rebases the form on the other person's version with the chosen values, and saves it. */
    async settleConflict(chosen: Values) {
      if (!outcome.conflict || !sent.current) return;
      load(outcome.conflict.theirs, { ...textOf(chosen), ...typedSince(sent.current.text) });
      await send(chosen, textOf(chosen));
    },
  };
}

export type PanelForm<Values extends object> = ReturnType<typeof usePanelForm<Values>>;
