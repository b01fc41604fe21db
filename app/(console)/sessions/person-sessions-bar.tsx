import { ChangeButton } from "@/app/(console)/users/[id]/change-button";
import { buttonStyles } from "@/components/ui/button";
import { EmailAddress } from "@/components/ui/email-address";
import { PageLink } from "@/components/ui/page-link";
import { TextLink } from "@/components/ui/text-link";
import type { SessionsOwner } from "@/lib/sessions/live/service";

/**
 * Shown when the list is limited to one person's sessions: links to the account and back to everyone's sessions, and a
 * button that ends all of this person's sessions.
 */
export function PersonSessionsBar({ owner, isOneself }: { owner: SessionsOwner; isOneself: boolean }) {
  const { id, email, liveSessions } = owner;
  const facts = { email, isOneself, liveSessions };
  const count = liveSessions.toLocaleString("en-US");
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded border bg-surface px-4 py-3">
      <p className="min-w-0 [overflow-wrap:anywhere]">
        {"Only the sessions of "}
        <TextLink href={`/users/${id}`} title="Open the account">
          <EmailAddress address={email} />
        </TextLink>
        <span className="text-muted">{liveSessions === 0 ? ", none live" : `, ${count} live`}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        <PageLink href="/sessions" className={buttonStyles({ size: "sm" })}>
          Everyone’s sessions
        </PageLink>
        {liveSessions > 0 ? <ChangeButton change="endSessions" userId={id} facts={facts} /> : null}
      </div>
    </div>
  );
}
