import type { Metadata } from "next";
import { PageHeader } from "@/components/layout/page-header";
import { buttonStyles } from "@/components/ui/button";
import { PageLink } from "@/components/ui/page-link";
import { sendsMails } from "@/lib/mail/service/mail-settings";
import { requirePageAdministrator } from "@/lib/request/page";
import { NewUser } from "./new-user";

export const metadata: Metadata = { title: "Invite user" };

export default async function NewUserPage() {
  await requirePageAdministrator();
  const hasServer = await sendsMails();
  return (
    <>
      <PageHeader
        title="Invite user"
        description="People you invite get a link, choose a password, and can then log in."
        actions={
          <PageLink href="/users" className={buttonStyles()}>
            All users
          </PageLink>
        }
      />
      <div className="max-w-3xl">
        <NewUser hasServer={hasServer} />
      </div>
    </>
  );
}
