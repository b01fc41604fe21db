import type { Metadata } from "next";
import { LeaveGuard } from "@/components/form/leave-guard";
import { PageHeader } from "@/components/layout/page-header";
import { PageSections } from "@/components/layout/page-sections";
import { readKeyRing } from "@/lib/jwt-security/service/read-key-ring";
import { sendsMails } from "@/lib/mail/service/mail-settings";
import { requirePageAdministrator } from "@/lib/request/page";
import { readRestoration } from "@/lib/settings/history/service";
import { panelLabels } from "@/lib/settings/labels";
import { panels, type SecurityPanel } from "@/lib/settings/schema";
import { readSettings } from "@/lib/settings/service";
import { GeneralPanel } from "./general-panel";
import { JwtPanel } from "./jwt-panel";
import { PasswordPanel } from "./password-panel";
import { RestoreRequest } from "./restore-request";
import { RestoredNote } from "./restored-note";
import { UnmailedResets } from "./unmailed-resets";

export const metadata: Metadata = { title: "Security settings" };

const sections = panels.map((id) => ({ id, label: panelLabels[id] }));

export default async function SecuritySettingsPage({ searchParams }: PageProps<"/settings/security">) {
  const actor = await requirePageAdministrator();
  const { restore } = await searchParams;
  const [settings, ring, restoration] = await Promise.all([
    readSettings(actor),
    readKeyRing(actor),
    restore === undefined ? null : readRestoration(actor, restore),
  ]);
  /** The panel as it is in force, with the values that the address asks to restore in it. */
  const loaded = <P extends SecurityPanel>(panel: P) => ({
    ...settings[panel],
    restored:
      restoration?.revision.panel === panel
        ? { values: restoration.values, note: <RestoredNote revision={restoration.revision} /> }
        : undefined,
  });
  const forcesResets = settings.password.values.forceUserToResetPasswordIfNotValid;
  const isUnmailed = forcesResets && !(await sendsMails());
  return (
    <>
      <PageHeader
        title="Security settings"
        description="The rules for every login, password and token. A saved change takes effect on the next request."
      />
      {restore === undefined ? null : <RestoreRequest />}
      <LeaveGuard>
        <PageSections sections={sections}>
          <GeneralPanel stored={loaded("general")} />
          <PasswordPanel stored={loaded("password")} />
          {/* Placed where an administrator who has just switched it on is looking. */}
          {isUnmailed ? <UnmailedResets /> : null}
          <JwtPanel stored={loaded("jwt")} ring={ring} yourAddress={actor.email} />
        </PageSections>
      </LeaveGuard>
    </>
  );
}
