"use client";

import { PanelCard } from "@/components/form/panel-card";
import { PanelField } from "@/components/form/panel-field";
import type { LoadedPanel } from "@/components/form/save-answer";
import { usePanelForm } from "@/components/form/use-panel-form";
import {
  type PasswordPolicy,
  passwordPolicyDefaults,
  passwordPolicyFields,
  passwordPolicySchema,
  passwordTitle,
} from "@/lib/settings/password/schema";
import { describePasswordPolicy } from "@/lib/settings/rules";
import { savePasswordPolicy } from "./actions";
import { passwordSpec } from "./password-spec";

/** The rules for new passwords, and how long a password lasts. */
export function PasswordPanel({ stored }: { stored: LoadedPanel<PasswordPolicy> }) {
  const form = usePanelForm({
    spec: passwordSpec,
    schema: passwordPolicySchema,
    stored,
    save: savePasswordPolicy,
  });
  return (
    <PanelCard
      id="password"
      title={passwordTitle}
      description="What is required of a new password, and how long it lasts."
      form={form}
      presets={passwordPolicyDefaults}
      shape={passwordPolicyFields.shape}
      hasHistory
      effect={describePasswordPolicy}
    >
      {Object.keys(passwordSpec).map((name) => (
        <PanelField key={name} name={name} />
      ))}
    </PanelCard>
  );
}
