"use client";

import { type ComponentType, useMemo, useRef, useState } from "react";
import { useLeaveGuard } from "@/components/form/leave-guard";
import { PanelCard } from "@/components/form/panel-card";
import { PanelField } from "@/components/form/panel-field";
import type { LoadedPanel } from "@/components/form/save-answer";
import { unanswered } from "@/components/form/unanswered";
import { usePanelForm } from "@/components/form/use-panel-form";
import type { KeyRing as Ring } from "@/lib/jwt-security/service/read-key-ring";
import { type JwtSettings, jwtSettingsDefaults, jwtTitle } from "@/lib/settings/jwt/schema";
import { describeJwtSettings } from "@/lib/settings/rules";
import type { KeySummary } from "@/lib/tokens/key-ring";
import { saveJwtSettings } from "./actions";
import { type JwtEntry, jwtEntrySchema, jwtSpec } from "./jwt-spec";
import { KeyRing } from "./key-ring";
import type { Confirmation, RotationDialogProps, RotationQuestion } from "./rotation-dialog";
import { SigningKeyField } from "./signing-key-field";
import { useRingChange } from "./use-ring-change";
import { YourAddress } from "./your-address";

const unconfirmed: Confirmation = { mode: null, password: null };

/** Returns the stored panel in its form for editing, with no new key. */
const asEntry = (panel: LoadedPanel<JwtSettings>): LoadedPanel<JwtEntry> => ({
  ...panel,
  values: { ...panel.values, tokenSigningKey: null },
});

/** `yourAddress`: the administrator's own */
type JwtPanelProps = { stored: LoadedPanel<JwtSettings>; ring: Ring; yourAddress: string };

/** How tokens are signed, and how long they live. */
export function JwtPanel({ stored, ring, yourAddress }: JwtPanelProps) {
  const entry = useMemo(() => asEntry(stored), [stored]);
  const [saved, setSaved] = useState<{ version: number; key: KeySummary } | null>(null);
  const [question, setQuestion] = useState<RotationQuestion | null>(null);
  const [Dialog, setDialog] = useState<ComponentType<RotationDialogProps> | null>(null);
  const [theirKey, setTheirKey] = useState("");
  const { leaveFor } = useLeaveGuard();
  const confirmation = useRef(unconfirmed);

  async function save(edit: { version: number; values: JwtEntry }) {
    const { tokenSigningKey: key, ...values } = edit.values;
    const { mode, password } = confirmation.current;
    confirmation.current = unconfirmed;
    const request = { version: edit.version, values, key, mode, password };
    const answer = await saveJwtSettings(request).catch(unanswered);
    if (!answer.ok) {
      switch (answer.code) {
        case "rotation-unconfirmed": {
          const { RotationDialog } = await import("./rotation-dialog");
          setDialog(() => RotationDialog);
          setQuestion({ ...answer, refusal: null });
          return null;
        }
        case "wrong-password":
        case "throttled":
          setQuestion((asked) => asked && { ...asked, passwordRequired: true, refusal: answer });
          return null;
        case "conflict":
          setQuestion(null);
          setTheirKey(answer.theirs.facts.keyFingerprint ?? "");
          return {
            ...answer,
            theirs: asEntry(answer.theirs),
            mine: { ...answer.mine, tokenSigningKey: key },
          };
        case "unauthenticated":
          setQuestion(null);
          return mode === "sign-out" ? { ...answer, code: "perhaps-signed-out" as const } : answer;
        default:
          setQuestion(null);
          return answer;
      }
    }
    setQuestion(null);
    if (answer.signedOut) {
      // Everyone was signed out, the owner of this session too.
      leaveFor("/login?notice=session-ended");
      return null;
    }
    setSaved({ version: answer.panel.version, key: answer.key });
    return { ...answer, panel: asEntry(answer.panel) };
  }

  const form = usePanelForm({
    spec: jwtSpec,
    schema: jwtEntrySchema,
    stored: entry,
    save,
    isAsking: question !== null,
  });
  const ringChange = useRingChange(ring.keys[0]);
  // Shows the saved key until the refreshed page has it too.
  const key = saved && saved.version > stored.version ? saved.key : ring.keys[0];

  return (
    <YourAddress value={yourAddress}>
      <PanelCard
        id="jwt"
        title={jwtTitle}
        description="How login tokens are signed, and how long they are valid."
        form={form}
        presets={jwtSettingsDefaults}
        shape={jwtEntrySchema.shape}
        hasHistory
        effect={describeJwtSettings}
        secretText={(field, side) =>
          field !== "tokenSigningKey" ? null : side === "mine" ? "Your new key" : `Key ${theirKey}`
        }
      >
        <PanelField name="tokenIssuer" />
        <SigningKeyField stored={key} readAt={ring.readAt} />
        <PanelField name="tokenExpirationTime" />
        <PanelField name="refreshTokenExpTime" />
        <KeyRing ring={ring} change={ringChange} />
      </PanelCard>
      {ringChange.dialog}
      {Dialog && question ? (
        <Dialog
          question={question}
          isSaving={form.isSaving}
          onCancel={() => setQuestion(null)}
          onConfirm={(given) => {
            confirmation.current = given;
            void form.resend();
          }}
        />
      ) : null}
    </YourAddress>
  );
}
