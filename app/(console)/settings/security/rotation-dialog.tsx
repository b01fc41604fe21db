"use client";

import { useEffect, useState } from "react";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { ChoiceCard, ChoiceGroup } from "@/components/ui/choice-card";
import { Time } from "@/components/ui/time";
import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import type { Rotation, RotationReach } from "@/lib/jwt-security/rotation";
import type { RotationMode } from "@/lib/jwt-security/schema";
import { KeyChange } from "./key-change";
import { endedText, isNewKey, keptText, refusedText, rotationTitle } from "./rotation-words";
import { useConfirmation } from "./use-confirmation";

/** What the administrator must answer before a changed key or issuer is saved. */
export type RotationQuestion = {
  reach: RotationReach;
  rotation: Rotation;
  passwordRequired: boolean;
  /** Why the last password was refused. */
  refusal: ConfirmFailure | null;
};

/** The administrator's answer; null where there is none yet. */
export type Confirmation = { mode: RotationMode | null; password: string | null };

export type RotationDialogProps = {
  question: RotationQuestion;
  isSaving: boolean;
  onCancel: () => void;
  onConfirm: (confirmation: Confirmation) => void;
};

/** Asks what happens to logged-in people before the key or the issuer changes. */
export function RotationDialog({ question, isSaving, onCancel, onConfirm }: RotationDialogProps) {
  const { reach, rotation, passwordRequired, refusal } = question;
  const [mode, setMode] = useState<RotationMode>("keep");
  const isDestructive = mode === "sign-out";
  const { fields, submit } = useConfirmation({
    id: "rotation",
    word: isDestructive ? { text: "everyone", end: "sign everyone out" } : null,
    passwordRequired,
    refusal,
    onConfirm: (password) => onConfirm({ mode, password }),
  });

  // On a small screen, the field that this choice adds is out of view.
  useEffect(() => {
    if (isDestructive) document.getElementById("rotation-word")?.scrollIntoView({ block: "nearest" });
  }, [isDestructive]);

  const choice = (value: RotationMode) => ({
    name: "rotation-mode",
    value,
    checked: mode === value,
    onChange: () => setMode(value),
  });
  const old = isNewKey(rotation) ? "The old key" : "The old issuer name";

  return (
    <AlertDialog
      open
      onCancel={onCancel}
      title={rotationTitle(rotation)}
      description="Nothing has changed yet. Choose what happens to the people who are logged in."
      footer={
        <>
          <Button onClick={onCancel}>Cancel</Button>
          <Button
            variant={isDestructive ? "danger" : "primary"}
            type="submit"
            form="rotation"
            busy={isSaving}
          >
            {isDestructive ? "Save and sign everyone out" : "Save and keep sessions"}
          </Button>
        </>
      }
    >
      <form method="post" id="rotation" noValidate onSubmit={submit} className="grid gap-5">
        <KeyChange {...rotation} />
        <ChoiceGroup legend="People who are logged in">
          <ChoiceCard title="Keep signing people in" {...choice("keep")}>
            {keptText(reach)} {old} is accepted until <Time iso={reach.oldKeyVerifiesUntil.toISOString()} />,
            then retires by itself.
          </ChoiceCard>
          <ChoiceCard tone="danger" title="Sign everyone out now" {...choice("sign-out")}>
            {endedText(reach)} {refusedText(rotation)}
          </ChoiceCard>
        </ChoiceGroup>
        {fields}
      </form>
    </AlertDialog>
  );
}
