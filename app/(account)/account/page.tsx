import type { Metadata } from "next";
import { listAddress } from "@/app/(console)/list-address";
import { authorityWords } from "@/app/(console)/users/user-words";
import { PageHeader } from "@/components/layout/page-header";
import { buttonStyles } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmailAddress } from "@/components/ui/email-address";
import { Fact, Facts } from "@/components/ui/facts";
import { Pager } from "@/components/ui/pager";
import { TextLink } from "@/components/ui/text-link";
import { Time } from "@/components/ui/time";
import { type OwnAccount, ownAccount } from "@/lib/accounts/service/own-account";
import type { Person } from "@/lib/core/actor";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { sendsMails } from "@/lib/mail/service/mail-settings";
import { requirePagePerson } from "@/lib/request/page";
import { ownSessionsQuerySchema } from "@/lib/sessions/schema";
import { listOwnSessions, type OwnSessionsPage } from "@/lib/sessions/service/own-sessions";
import { ProfileForm } from "./profile-form";
import { SessionList } from "./session-list";
import { shownSession } from "./shown-session";

export const metadata: Metadata = { title: "Your account" };

export default async function AccountPage({ searchParams }: PageProps<"/account">) {
  const actor = await requirePagePerson();
  const { notice, sessions: cursor } = await searchParams;
  const { after } = ownSessionsQuerySchema.parse({ after: cursor });
  const mayBeChanged = notice === "password-changed";
  const [account, list, isNoticeMailed] = await Promise.all([
    ownAccount(actor),
    listOwnSessions(actor, { after }),
    mayBeChanged && sendsMails(),
  ]);
  const now = new Date();
  const isChanged = mayBeChanged && isPasswordNew(account, now);
  return (
    <>
      <PageHeader
        title="Your account"
        description="Your profile, your password, and where you are logged in."
      />
      <div className="grid max-w-3xl gap-8">
        {isChanged ? (
          <Callout tone="done" title="Your password has been changed">
            You have been logged out everywhere else.
            {isNoticeMailed ? ` A notice is on its way to ${account.email}.` : null}
          </Callout>
        ) : null}
        <Card id="profile">
          <CardHeader id="profile" title="Profile" description={<ProfileWords actor={actor} />} />
          <CardBody className="border-b">
            <Facts className="text-base!">
              <Fact term="E-mail">
                <EmailAddress address={account.email} />
              </Fact>
              <Fact term="Authority">{authorityWords[account.authority].label}</Fact>
            </Facts>
          </CardBody>
          {/* Ending a session reads the page again, for whoever has logged in at this browser by then. */}
          <ProfileForm
            key={actor.userId}
            personId={actor.userId}
            profile={{ firstName: account.firstName, lastName: account.lastName }}
          />
        </Card>
        <PasswordCard account={account} now={now} />
        <Card id="sessions">
          <CardHeader
            id="sessions"
            title="Sessions"
            description="The browsers and programs that are logged in as you. If you do not recognise one, end it and change your password."
            actions={
              <a href="/account/mobile" className={buttonStyles()}>
                Add a mobile app
              </a>
            }
          />
          <SessionList
            key={after}
            personId={actor.userId}
            sessions={list.sessions.map(shownSession)}
            others={list.others}
          />
          <SessionPages list={list} after={after} />
        </Card>
      </div>
    </>
  );
}

/** How long a password change is told of, in milliseconds. Browsers open the address again days later. */
const TOLD_MS = 5 * MINUTE_MS;

const isPasswordNew = ({ passwordSetAt }: OwnAccount, now: Date) =>
  passwordSetAt !== null && now.getTime() - passwordSetAt.getTime() < TOLD_MS;

/** Says who can change what a person cannot change here. */
function ProfileWords({ actor: { authority, userId } }: { actor: Person }) {
  if (authority !== "SYS_ADMIN") return "Only an administrator can change the address and the authority.";
  return (
    <>
      You can change your address on <TextLink href={`/users/${userId}`}>your user page</TextLink>. Only
      another administrator can change your authority.
    </>
  );
}

/** Links to further pages of sessions. */
function SessionPages({ list, after }: { list: OwnSessionsPage; after: string | undefined }) {
  if (after === undefined && list.nextCursor === null) return null;
  return (
    <div className="border-t px-5 pb-4 sm:px-6">
      <Pager
        noun={["session", "sessions"]}
        shown={list.sessions.length}
        after={after}
        nextCursor={list.nextCursor}
        addressOf={(sessions) => `${listAddress("/account", { sessions })}#sessions`}
      />
    </div>
  );
}

function PasswordCard({ account, now }: { account: OwnAccount; now: Date }) {
  const { passwordSetAt, passwordExpiresAt } = account;
  return (
    <Card id="password">
      <CardHeader
        id="password"
        title="Password"
        actions={
          <a href="/account/password" className={buttonStyles()}>
            Change password
          </a>
        }
      />
      <CardBody>
        <Facts className="text-base!">
          <Fact term="Chosen">{passwordSetAt ? <Time iso={passwordSetAt.toISOString()} /> : "Not yet"}</Fact>
          <Fact term={passwordExpiresAt && now > passwordExpiresAt ? "Expired" : "Expires"}>
            {passwordExpiresAt ? <Time iso={passwordExpiresAt.toISOString()} /> : "Never"}
          </Fact>
        </Facts>
      </CardBody>
    </Card>
  );
}
