"use client";

import { useMemo, useState } from "react";
import { PanelCard } from "@/components/form/panel-card";
import { PanelField } from "@/components/form/panel-field";
import type { LoadedPanel } from "@/components/form/save-answer";
import { usePanelForm } from "@/components/form/use-panel-form";
import { type MailEntry, mailEntrySchema } from "@/lib/mail/schema";
import type { MailConfiguration, MailPanel } from "@/lib/mail/service/mail-settings";
import { mailSettingsDefaults, mailTitle } from "@/lib/settings/mail/schema";
import { describeMailSettings } from "@/lib/settings/rules";
import { saveMailSettings } from "./actions";
import { FromFact, ServerFacts } from "./environment-facts";
import { mailSpec } from "./mail-spec";
import { PasswordField } from "./password-field";

const unchanged = { password: null, removesPassword: false };

/** Returns the stored panel in its form for editing, with the password left unchanged. */
const asEntry = (panel: MailPanel): LoadedPanel<MailEntry> => ({
  ...panel,
  values: { ...panel.values, ...unchanged },
});

/** The mail server and the sender. Values from the environment are shown and cannot be edited. */
export function ServerPanel({ panel, environment, defaultFrom }: MailConfiguration) {
  const entry = useMemo(() => asEntry(panel), [panel]);
  const [saved, setSaved] = useState<MailPanel | null>(null);
  const newest = saved && saved.version > panel.version ? saved : panel;
  const spec = useMemo(() => mailSpec(defaultFrom), [defaultFrom]);

  const form = usePanelForm({
    spec,
    schema: mailEntrySchema,
    stored: entry,
    async save(edit) {
      const answer = await saveMailSettings(edit);
      if (!answer.ok) {
        return answer.code === "conflict"
          ? { ...answer, theirs: asEntry(answer.theirs), mine: edit.values }
          : answer;
      }
      setSaved(answer.panel);
      return { ...answer, panel: asEntry(answer.panel) };
    },
  });

  const hasPasswordAfter = ({ password, removesPassword }: MailEntry) =>
    password !== null || (newest.hasPassword && !removesPassword);

  return (
    <PanelCard
      id="server"
      title={mailTitle}
      description="It sends activation links, reset links and every notice."
      form={form}
      presets={mailSettingsDefaults}
      shape={mailEntrySchema.shape}
      effect={(values) =>
        environment.server
          ? describeMailSettings(environment.server, environment.server.hasPassword)
          : describeMailSettings(values, hasPasswordAfter(values))
      }
      secretText={(field, side) => {
        if (field !== "password" && field !== "removesPassword") return null;
        if (side === "theirs") return "The stored password";
        return field === "password" ? "Your new password" : "No password";
      }}
    >
      {environment.server ? (
        <ServerFacts server={environment.server} />
      ) : (
        <>
          <PanelField name="host" />
          <PanelField name="port" />
          <PanelField name="tls" />
          <PanelField name="user" />
          <PasswordField hasPassword={newest.hasPassword} />
        </>
      )}
      {environment.from ? <FromFact from={environment.from} /> : <PanelField name="fromAddress" />}
    </PanelCard>
  );
}
