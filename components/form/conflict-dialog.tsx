"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { ChoiceCard, ChoiceGroup } from "@/components/ui/choice-card";
import { Dialog } from "@/components/ui/dialog";
import { Time } from "@/components/ui/time";
import { changedFields } from "@/lib/core/changes/rules";
import { mergeEdits } from "@/lib/settings/rules";
import { type PanelSpec, valueTitle } from "./panel-spec";
import type { LoadedPanel } from "./save-answer";
import { saverName } from "./saved-by";
import type { PanelForm } from "./use-panel-form";

type Side = "mine" | "theirs";

/**
 * Returns the text for a secret field, whose value the browser does not have; null for any other field. A secret
 * conflicts only when both sides changed it.
 */
export type SecretText = (field: string, side: Side) => string | null;

type ConflictDialogProps<Values extends object> = {
  form: PanelForm<Values>;
  title: string;
  secretText: SecretText | undefined;
};

/** Shows the values that somebody else saved in the meantime beside one's own, and asks for a choice in each field. */
export function ConflictDialog<Values extends object>(props: ConflictDialogProps<Values>) {
  const { form } = props;
  const { conflict } = form;
  if (!conflict) return null;
  return (
    <Dialog
      open
      onClose={form.leaveConflict}
      width="wide"
      title={`${props.title} was changed while you edited it`}
      description={<Who theirs={conflict.theirs} isSole={isSoleSave(form, conflict.theirs)} />}
      footer={
        <>
          <Button onClick={form.leaveConflict}>Back to my changes</Button>
          <Button variant="primary" type="submit" form="conflict-choice">
            Use my choice
          </Button>
        </>
      }
    >
      <Choices {...props} conflict={conflict} />
    </Dialog>
  );
}

/** Whether only one save came since the edit began. Of several, it is not known here who changed which field. */
const isSoleSave = ({ loaded }: { loaded: LoadedPanel<object> }, theirs: LoadedPanel<object>) =>
  theirs.version === loaded.version + 1;

function Who({ theirs, isSole }: { theirs: LoadedPanel<object>; isSole: boolean }) {
  return (
    <>
      {saverName(theirs)} {isSole ? "saved it" : "was the last to save it,"}
      {theirs.savedAt ? (
        <>
          {" "}
          on <Time iso={theirs.savedAt.toISOString()} />
        </>
      ) : null}
      . Choose which values to keep. All your other changes, and theirs, are kept.
    </>
  );
}

function Choices<Values extends object>({
  form,
  secretText,
  conflict,
}: ConflictDialogProps<Values> & { conflict: NonNullable<PanelForm<Values>["conflict"]> }) {
  const { theirs, mine, conflicts } = conflict;
  const [picks, setPicks] = useState<Record<string, Side>>({});
  const [message, setMessage] = useState<string | null>(null);
  const spec: PanelSpec = form.spec;
  const fields = Object.keys(spec).filter((field) => conflicts.includes(field));
  // The fields that each side changed since the version both started from. When the chosen values do not fit together,
  // a listed field may be one that one side left alone.
  const changedBy: Record<Side, string[]> = {
    mine: changedFields(form.loaded.values, mine),
    theirs: changedFields(form.loaded.values, theirs.values),
  };
  const origin = (field: string, side: Side) => {
    const isChanged = Boolean(secretText?.(field, side)) || changedBy[side].includes(field);
    if (side === "mine") return isChanged ? "Yours, not saved yet" : "Unchanged";
    if (!isChanged) return "Unchanged, in effect now";
    return isSoleSave(form, theirs) ? `${saverName(theirs)}, in effect now` : "In effect now";
  };
  const words = (field: string, side: Side) => {
    const value = (side === "mine" ? mine : theirs.values)[field as keyof Values];
    const fieldSpec = spec[field];
    return secretText?.(field, side) ?? (fieldSpec ? valueTitle(fieldSpec, value) : String(value));
  };

  function saveChoice() {
    const open = fields.find((field) => !picks[field]);
    if (open) {
      setMessage(`Choose a value for ${spec[open]?.label ?? open}.`);
      document.querySelector<HTMLElement>(`#conflict-choice input[name="${open}"]`)?.focus();
      return;
    }
    const chosen = mergeEdits(form.loaded.values, mine, theirs.values).merged;
    for (const field of fields) {
      const from = picks[field] === "mine" ? mine : theirs.values;
      chosen[field as keyof Values] = from[field as keyof Values];
    }
    const parsed = form.schema.safeParse(chosen);
    if (parsed.success) void form.settleConflict(parsed.data);
    else setMessage(parsed.error.issues[0]?.message ?? "These values cannot be combined.");
  }

  return (
    <form
      method="post"
      id="conflict-choice"
      noValidate
      className="[&_input]:scroll-mb-32"
      onSubmit={(event) => {
        event.preventDefault();
        saveChoice();
      }}
    >
      <div className="grid gap-6">
        {fields.map((field) => (
          <ChoiceGroup key={field} legend={spec[field]?.label ?? field}>
            <div className="grid gap-2 sm:grid-cols-2">
              {(["mine", "theirs"] as const).map((side) => (
                <ChoiceCard
                  key={side}
                  name={field}
                  value={side}
                  title={words(field, side)}
                  checked={picks[field] === side}
                  onChange={() => {
                    setMessage(null);
                    setPicks({ ...picks, [field]: side });
                  }}
                >
                  {origin(field, side)}
                </ChoiceCard>
              ))}
            </div>
          </ChoiceGroup>
        ))}
      </div>
      {/* Stays visible however long the list is; a focused field scrolls to a place above it. */}
      <div role="alert" className="sticky bottom-0">
        {message ? (
          <Callout tone="danger" className="mt-6">
            {message}
          </Callout>
        ) : null}
      </div>
    </form>
  );
}
