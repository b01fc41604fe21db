import type { Metadata } from "next";
import { LeaveGuard } from "@/components/form/leave-guard";
import { PageHeader } from "@/components/layout/page-header";
import { PageSections } from "@/components/layout/page-sections";
import { readKeyRing } from "@/lib/jwt-security/service/read-key-ring";
import { readMailReadiness } from "@/lib/mail/service/mail-settings";
import { requirePageAdministrator } from "@/lib/request/page";
import { panelLabels } from "@/lib/settings/labels";
import { panels } from "@/lib/settings/schema";
import { readSettings } from "@/lib/settings/service";
import { GeneralPanel } from "./general-panel";
import { JwtPanel } from "./jwt-panel";
import { PasswordPanel } from "./password-panel";
import { UnmailedResets } from "./unmailed-resets";

export const metadata: Metadata = { title: "Security settings" };

const sections = panels.map((id) => ({ id, label: panelLabels[id] }));

export default async function SecuritySettingsPage() {
  const actor = await requirePageAdministrator();
  const [settings, ring] = await Promise.all([readSettings(actor), readKeyRing(actor)]);
  const forcesResets = settings.password.values.forceUserToResetPasswordIfNotValid;
  const isUnmailed = forcesResets && !(await readMailReadiness(actor)).hasServer;
  return (
    <>
      <PageHeader
        title="Security settings"
        description="The rules for every login, password and token. A saved change takes effect on the next request."
      />
      <LeaveGuard>
        <PageSections sections={sections}>
          <GeneralPanel stored={settings.general} />
          <PasswordPanel stored={settings.password} />
          {/* Placed where an administrator who has just switched it on is looking. */}
          {isUnmailed ? <UnmailedResets /> : null}
          <JwtPanel stored={settings.jwt} ring={ring} />
        </PageSections>
      </LeaveGuard>
    </>
  );
}
