"use client";

import { Fragment } from "react";
import { PanelCard } from "@/components/form/panel-card";
import { PanelField } from "@/components/form/panel-field";
import type { LoadedPanel } from "@/components/form/save-answer";
import { usePanelForm } from "@/components/form/use-panel-form";
import { CardSubheading } from "@/components/ui/card";
import {
  type GeneralPolicy,
  generalPolicyDefaults,
  generalPolicySchema,
  generalTitle,
} from "@/lib/settings/general/schema";
import { describeGeneralPolicy } from "@/lib/settings/rules";
import { saveGeneralPolicy } from "./actions";
import { generalSpec } from "./general-spec";

/** When accounts are locked, who is told, and how long links work. */
export function GeneralPanel({ stored }: { stored: LoadedPanel<GeneralPolicy> }) {
  const form = usePanelForm({
    spec: generalSpec,
    schema: generalPolicySchema,
    stored,
    save: saveGeneralPolicy,
  });
  return (
    <PanelCard
      id="general"
      title={generalTitle}
      description="When accounts are locked, who is told, and how long links work."
      form={form}
      presets={generalPolicyDefaults}
      shape={generalPolicySchema.shape}
      hasHistory
      effect={describeGeneralPolicy}
    >
      {Object.keys(generalSpec).map((name) => (
        <Fragment key={name}>
          {name === "lockoutDurationMinutes" ? <CardSubheading id="response">Response</CardSubheading> : null}
          <PanelField name={name} />
        </Fragment>
      ))}
    </PanelCard>
  );
}
