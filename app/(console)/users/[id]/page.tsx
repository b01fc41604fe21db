import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { PageHeader } from "@/components/layout/page-header";
import { PageSections } from "@/components/layout/page-sections";
import { buttonStyles } from "@/components/ui/button";
import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { PageLink } from "@/components/ui/page-link";
import { fullName } from "@/lib/core/full-name";
import { sendsMails } from "@/lib/mail/service/mail-settings";
import { isPageAdministrator, requirePageAdministrator } from "@/lib/request/page";
import type { UserState } from "@/lib/users/schema";
import { describeUser } from "@/lib/users/service/describe-user";
import { UserStateBadge } from "../user-state-badge";
import { authorityWords } from "../user-words";
import { AccountCard } from "./account-card";
import { addressesOf } from "./addresses";
import { AttemptsCard } from "./attempts-card";
import { MailsCard } from "./mails-card";
import { ObstacleCallout } from "./obstacle-callout";
import { RemovalCard, removalTitle } from "./removal-card";

const sectionsFor = (state: UserState) => [
  { id: "account", label: "Account" },
  { id: "attempts", label: "Login attempts" },
  { id: "mails", label: "Mail" },
  { id: "removal", label: removalTitle(state) },
];

/** Read once per request, because the page and its title both need it. */
const readAccount = cache(async (id: string) => {
  const actor = await requirePageAdministrator();
  const now = new Date();
  const [user, hasServer] = await Promise.all([describeUser(actor, id, now), sendsMails()]);
  if (!user) return null;
  return { user, name: escapeInvisible(fullName(user)), hasServer, now };
});

/** The title names the account, so that several open tabs can be told apart. */
export async function generateMetadata({ params }: PageProps<"/users/[id]">): Promise<Metadata> {
  if (!(await isPageAdministrator())) return { title: "User" };
  const account = await readAccount((await params).id);
  return { title: account ? account.name || account.user.email : "No such user" };
}

// No loading.tsx here: once a loading state has been sent, the status can no longer be 404.
export default async function UserPage({ params }: PageProps<"/users/[id]">) {
  const account = await readAccount((await params).id);
  if (!account) notFound();
  const { user, name, hasServer, now } = account;
  const { email, authority, state, liveSessions } = user;
  const addresses = addressesOf(user);
  const facts = { email, isOneself: user.protection === "oneself", liveSessions };
  return (
    <>
      <PageHeader
        title={name || email}
        description={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            {name ? <EmailAddress address={email} /> : null}
            <span>{authorityWords[authority].label}</span>
            <UserStateBadge state={state} />
          </span>
        }
        actions={
          <PageLink href="/users" className={buttonStyles()}>
            All users
          </PageLink>
        }
      />
      <PageSections sections={sectionsFor(state)}>
        <ObstacleCallout user={user} facts={facts} hasServer={hasServer} />
        <AccountCard user={user} facts={facts} hasServer={hasServer} now={now} />
        <AttemptsCard attempts={user.loginAttempts} addresses={addresses} />
        <MailsCard mails={user.mails} email={email} addresses={addresses} />
        <RemovalCard user={user} facts={facts} />
      </PageSections>
    </>
  );
}
