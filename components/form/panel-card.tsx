"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { Callout } from "@/components/ui/callout";
import { Card, CardFields, CardHeader } from "@/components/ui/card";
import { ErrorSummary } from "@/components/ui/error-summary";
import { SaveBar } from "@/components/ui/save-bar";
import { describeDamage } from "@/lib/settings/rules";
import { ConflictDialog, type SecretText } from "./conflict-dialog";
import { EffectSentence } from "./effect-sentence";
import { useUnsavedChanges } from "./leave-guard";
import { PanelContext } from "./panel-context";
import { SaveFailureNotice } from "./save-failure";
import { SavedByLine } from "./saved-by-line";
import type { PanelForm } from "./use-panel-form";

type PanelCardProps<Values extends object> = {
  id: string;
  title: string;
  description: string;
  form: PanelForm<Values>;
  presets: Readonly<Record<string, unknown>>;
  shape: Readonly<Record<string, unknown>>;
  /** Describes the effect of the values on people, in one sentence. */
  effect: (values: Values) => string;
  /** Earlier versions of the panel can be seen on the history page. */
  hasHistory?: boolean;
  secretText?: SecretText;
  children: ReactNode;
};

/**
 * A settings panel: its fields, the sentence about their effect, a bar with Undo and Save while something is unsaved,
 * and the dialog for when somebody else has saved the panel in the meantime.
 */
export function PanelCard<Values extends object>(props: PanelCardProps<Values>) {
  const { id, title, description, form, presets, shape, effect, hasHistory, secretText, children } = props;
  const changes = form.changed.length;
  const isDamaged = form.loaded.damaged.length > 0;
  const parsed = form.schema.safeParse(form.values);
  const lastField = useRef("");
  useUnsavedChanges(title, changes);

  // Closing the bar removes Undo and Save; if one of them had the focus, it returns to the field used last, or to the
  // panel if only buttons were used.
  const isBarOpen = changes > 0 || isDamaged;
  useEffect(() => {
    const active = document.activeElement;
    if (isBarOpen || !(active === document.body || active?.closest("[inert]"))) return;
    const place = document.getElementById(lastField.current);
    if (place?.tabIndex === -1) place.tabIndex = -1; // The panel has no such attribute yet, and could not be focused.
    place?.focus({ preventScroll: true });
  }, [isBarOpen]);

  return (
    <>
      <Card id={id}>
        <form
          method="post"
          noValidate
          // Without this, a very long address would make the page wider than the window.
          className="[overflow-wrap:anywhere]"
          onFocus={({ target, currentTarget }) => {
            // React also reports the focus in a dialog that the panel has opened.
            if (!currentTarget.contains(target)) return;
            const field = target instanceof HTMLButtonElement ? lastField.current : target.id;
            lastField.current = field || id;
          }}
          onBlur={form.leaveField}
          onSubmit={(event) => {
            event.preventDefault();
            if (isBarOpen && !form.isSaving) void form.submit();
          }}
        >
          <CardHeader
            id={id}
            title={title}
            description={description}
            actions={
              <SavedByLine panel={form.loaded} className="sm:text-right">
                {hasHistory ? <HistoryLink id={id} /> : null}
              </SavedByLine>
            }
          />
          {changes > 0 ? form.loaded.restored?.note : null}
          {isDamaged ? <DamageNotice form={form} /> : null}
          <ErrorSummary errors={form.isRefused ? form.errors : []} />
          <PanelContext value={{ ...form, presets, shape }}>
            <CardFields>{children}</CardFields>
          </PanelContext>
          <EffectSentence text={parsed.success ? effect(parsed.data) : null} />
          <SaveBar
            changes={changes || Number(isBarOpen)}
            status={changes === 0 && isDamaged ? "Save writes the defaults shown" : undefined}
            onUndo={form.undo}
            saving={form.isSaving}
            notice={form.failure ? <SaveFailureNotice failure={form.failure} /> : null}
          />
        </form>
      </Card>
      <ConflictDialog form={form} title={title} secretText={secretText} />
    </>
  );
}

function HistoryLink({ id }: { id: string }) {
  return (
    <>
      {/* On a line of its own, where it takes no room from the description. */}
      <br />
      <a
        id={`${id}-history`}
        href={`/settings/history?panel=${id}`}
        // Several panels have one: "History, General policy".
        aria-labelledby={`${id}-history ${id}-title`}
        className="underline"
      >
        History
      </a>
    </>
  );
}

function DamageNotice<Values extends object>({ form }: { form: PanelForm<Values> }) {
  const nameOf = (fields: string[]) => fields.map((field) => form.spec[field]?.label ?? field).join(", ");
  const effect = describeDamage(form.loaded.damaged, nameOf);
  return (
    <Callout tone="danger" title="Stored values were damaged" className="mx-5 mt-5 sm:mx-6">
      {`${effect.charAt(0).toUpperCase()}${effect.slice(1)}. Save replaces the damaged values with what is shown here.`}
    </Callout>
  );
}
