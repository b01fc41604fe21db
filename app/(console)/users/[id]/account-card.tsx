import type { ReactNode } from "react";
import { sessionsAddress } from "@/app/(console)/sessions/sessions-address";
import { ageText } from "@/components/ui/age-text";
import { Card, CardFields, CardHeader } from "@/components/ui/card";
import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { TextLink } from "@/components/ui/text-link";
import { Time } from "@/components/ui/time";
import { browserName } from "@/lib/core/browser-name";
import { fullName } from "@/lib/core/full-name";
import type { UserDescription } from "@/lib/users/service/describe-user";
import { authorityWords, stateWords } from "../user-words";
import { AuthorityButton } from "./authority-button";
import { ChangeButton } from "./change-button";
import type { ChangeFacts } from "./change-words";
import { DetailRow } from "./detail-row";
import { EditButton } from "./edit-button";
import { LinkButtons } from "./link-buttons";
import { lockCause } from "./obstacle-words";
import { OpenLinks } from "./open-links";
import { protectionText } from "./protection-text";

type AccountCardProps = { user: UserDescription; facts: ChangeFacts; hasServer: boolean; now: Date };

/** Why the account is locked, since and until when, and where the last wrong password came from. */
function LockRow({ lock }: { lock: NonNullable<UserDescription["lock"]> }) {
  const { since, until, failedAttempts, address, userAgent } = lock;
  const browser = browserName(userAgent);
  return (
    <DetailRow
      term="State"
      note={
        <>
          {lockCause(failedAttempts)}
          {address ? (
            <>
              , the last from <span className="figures">{escapeInvisible(address)}</span>
            </>
          ) : null}
          {browser ? `, ${browser}` : ""}
        </>
      }
    >
      Locked since <Time iso={since.toISOString()} />
      {until ? (
        <>
          {", until "}
          <Time iso={until.toISOString()} />
        </>
      ) : (
        ", until somebody unlocks it"
      )}
    </DetailRow>
  );
}

/** What to do where "Send reset link" does not reach the person: it is the only way to create one in the console. */
function resetNote({ mails }: UserDescription, hasServer: boolean): ReactNode {
  if (!hasServer) return "No mail server is set up: copy the link and hand it over yourself.";
  const reset = mails.find(({ kind }) => kind === "password-reset" || kind === "password-reset-forced");
  if (reset?.state !== "QUEUED" || !reset.lastAnswer) return null;
  return (
    <>
      The mail server has not accepted the last reset link yet. If it is urgent, somebody on the host can
      print one with <code className="figures whitespace-nowrap">npm run admin -- reset-link</code>.
    </>
  );
}

function PasswordRow({ user, hasServer, now }: Omit<AccountCardProps, "facts">) {
  const { id, state, passwordSetAt, passwordExpiresAt: expiry } = user;
  const canReset = state === "active" || state === "locked";
  return (
    <DetailRow
      term="Password"
      actions={canReset ? <LinkButtons userId={id} purpose="PASSWORD_RESET" hasServer={hasServer} /> : null}
      note={canReset ? resetNote(user, hasServer) : null}
    >
      {passwordSetAt ? (
        <>
          <p>
            Chosen <Time iso={passwordSetAt.toISOString()} />{" "}
            <span className="whitespace-nowrap text-muted">({ageText(passwordSetAt, now)})</span>
          </p>
          <p>
            {expiry ? (
              <>
                {now > expiry ? "Expired " : "Expires "}
                <Time iso={expiry.toISOString()} />
              </>
            ) : (
              "Does not expire"
            )}
          </p>
        </>
      ) : (
        "Not chosen yet"
      )}
    </DetailRow>
  );
}

/** The current state of the account. */
export function AccountCard({ user, facts, hasServer, now }: AccountCardProps) {
  const { id, email, firstName, lastName, state, authority, protection, lastLoginAt, liveSessions } = user;
  const keeps = protectionText(protection, "given another authority");
  return (
    <Card id="account">
      <CardHeader id="account" title="Account" />
      <CardFields>
        {user.lock ? (
          <LockRow lock={user.lock} />
        ) : (
          <DetailRow
            term="State"
            note={state === "active" && user.obstacle ? null : stateWords[state].meaning}
          >
            {stateWords[state].label}
          </DetailRow>
        )}
        <PasswordRow user={user} hasServer={hasServer} now={now} />
        {user.openLinks.length > 0 ? (
          <DetailRow term="Active links">
            <OpenLinks links={user.openLinks} />
          </DetailRow>
        ) : null}
        <DetailRow term="Last login">
          {lastLoginAt ? <Time iso={lastLoginAt.toISOString()} /> : "Never"}
        </DetailRow>
        <DetailRow
          term="Sessions"
          actions={liveSessions > 0 ? <ChangeButton change="endSessions" userId={id} facts={facts} /> : null}
        >
          {liveSessions === 0 ? (
            "None"
          ) : (
            <TextLink href={sessionsAddress({ user: id })} title="Show this person’s sessions">
              {`${liveSessions.toLocaleString("en-US")} live`}
            </TextLink>
          )}
        </DetailRow>
        <DetailRow
          term="Authority"
          note={keeps ?? authorityWords[authority].may}
          noteId="authority-note"
          actions={
            <AuthorityButton
              userId={id}
              email={email}
              current={authority}
              disabled={protection !== null}
              aria-describedby="authority-note"
            />
          }
        >
          {authorityWords[authority].label}
        </DetailRow>
        <DetailRow
          term="Person"
          note={<EmailAddress address={email} />}
          // Not the whole description: what a client component gets is sent to the browser.
          actions={<EditButton user={{ id, email, firstName, lastName, state }} />}
        >
          {escapeInvisible(fullName(user)) || "No name"}
        </DetailRow>
        <DetailRow term="Created">
          <Time iso={user.createdAt.toISOString()} />
        </DetailRow>
      </CardFields>
    </Card>
  );
}
