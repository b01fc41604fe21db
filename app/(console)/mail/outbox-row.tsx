import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { LabelledTime } from "@/components/ui/labelled-time";
import { PageLink } from "@/components/ui/page-link";
import { buttonCell, recordCell } from "@/components/ui/record-table";
import { dataLink } from "@/components/ui/text-link";
import { Time } from "@/components/ui/time";
import type { OutboxEntry } from "@/lib/mail/schema";
import { mailKindLabel } from "./mail-kinds";
import { OutboxStateBadge } from "./outbox-state-badge";
import { ResendButton } from "./resend-button";

const cell = recordCell["4xl"];

/** What a queued mail waits for; nothing for a settled one. */
function Waiting({ entry, hasServer }: { entry: OutboxEntry; hasServer: boolean }) {
  if (entry.state !== "QUEUED") return null;
  if (entry.isBeingSent) return <p className="mt-1 text-sm text-muted">Being sent right now</p>;
  if (!hasServer) return <p className="mt-1 text-sm text-muted">Waiting for a mail server</p>;
  if (entry.attempts === 0 || !entry.dueAt) return null;
  return (
    <p className="mt-1 text-sm text-muted">
      Next attempt <Time iso={entry.dueAt.toISOString()} />
    </p>
  );
}

/** An address that leads to its account. */
function AccountLink({ id, address }: { id: string; address: string }) {
  return (
    <PageLink href={`/users/${id}`} title="Open the account" className={dataLink}>
      <EmailAddress address={escapeInvisible(address)} />
    </PageLink>
  );
}

/** Whom the mail goes to, and what it is. Links to the account that it is about, under the address that this one has. */
function Recipient({ entry: { kind, recipient, account } }: { entry: OutboxEntry }) {
  const isTheirs = account?.email === recipient;
  return (
    <>
      <p className="font-medium">
        {isTheirs ? (
          <AccountLink id={account.id} address={recipient} />
        ) : (
          <EmailAddress address={escapeInvisible(recipient)} />
        )}
      </p>
      <p className="text-sm text-muted">{mailKindLabel(kind) || escapeInvisible(kind)}</p>
      {account && !isTheirs ? (
        <p className="text-sm text-muted">
          About <AccountLink id={account.id} address={account.email} />
        </p>
      ) : null}
    </>
  );
}

/** One mail: a table row; or stacked lines where there is no room for columns, in pairs where there is for two. */
export function OutboxRow({ entry, hasServer }: { entry: OutboxEntry; hasServer: boolean }) {
  const { id, recipient, state, attempts, lastAnswer, createdAt, lastAttemptAt, sentAt } = entry;
  const canResend = entry.canResend && !entry.isBeingSent && (hasServer || state === "FAILED");
  return (
    <tr className="grid gap-x-6 gap-y-2 px-4 py-4 hover:bg-hover @2xl:grid-cols-2 @4xl:table-row">
      <th scope="row" className={`${cell} font-normal`}>
        <Recipient entry={entry} />
      </th>
      <td className={cell}>
        <OutboxStateBadge state={state} />
        {lastAnswer ? (
          <p className="mt-1 text-sm text-muted [overflow-wrap:anywhere]">{escapeInvisible(lastAnswer)}</p>
        ) : null}
        <Waiting entry={entry} hasServer={hasServer} />
      </td>
      <td className={`${cell} text-sm leading-base tabular-nums`}>
        <span className="text-muted @4xl:hidden">Attempts </span>
        {attempts}
      </td>
      <td className={cell}>
        <LabelledTime name="Created" at={createdAt} />
        {sentAt ? <LabelledTime name="Sent" at={sentAt} /> : null}
        {!sentAt && lastAttemptAt ? <LabelledTime name="Last tried" at={lastAttemptAt} /> : null}
      </td>
      <td className={`${cell} ${buttonCell} @max-4xl:empty:hidden`}>
        {canResend ? <ResendButton id={id} recipient={recipient} /> : null}
      </td>
    </tr>
  );
}
