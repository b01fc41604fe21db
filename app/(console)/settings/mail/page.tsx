import type { Metadata } from "next";
import { NoMailServer } from "@/app/(console)/mail/no-mail-server";
import { LeaveGuard } from "@/components/form/leave-guard";
import { PageHeader } from "@/components/layout/page-header";
import { PageSections } from "@/components/layout/page-sections";
import { readMailConfiguration, readMailReadiness } from "@/lib/mail/service/mail-settings";
import { requirePageAdministrator } from "@/lib/request/page";
import { mailTitle } from "@/lib/settings/mail/schema";
import { ServerPanel } from "./server-panel";
import { TestMailCard } from "./test-mail-card";

export const metadata: Metadata = { title: "Mail settings" };

const sections = [
  { id: "server", label: mailTitle },
  { id: "test", label: "Test mail" },
];

export default async function MailSettingsPage() {
  const actor = await requirePageAdministrator();
  const [configuration, readiness] = await Promise.all([
    readMailConfiguration(actor),
    readMailReadiness(actor),
  ]);
  return (
    <>
      <PageHeader
        title="Mail settings"
        description="How Gatehouse sends its mail. Saving retries all waiting mail at once."
      />
      <LeaveGuard>
        <PageSections sections={sections}>
          {readiness.hasServer ? null : <NoMailServer waiting={readiness.waiting} />}
          <ServerPanel {...configuration} />
          <TestMailCard ownEmail={actor.email} hasServer={readiness.hasServer} />
        </PageSections>
      </LeaveGuard>
    </>
  );
}
