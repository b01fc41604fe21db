import { mailKindLabel } from "@/app/(console)/mail/mail-kinds";
import { outboxAddress } from "@/app/(console)/mail/outbox-address";
import { OutboxStateBadge } from "@/app/(console)/mail/outbox-state-badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { TextLink } from "@/components/ui/text-link";
import { Time } from "@/components/ui/time";
import type { OutboxEntry } from "@/lib/mail/schema";
import type { Addresses } from "./addresses";

function Mail({ mail, email }: { mail: OutboxEntry; email: string }) {
  const { kind, recipient, state, lastAnswer, createdAt, sentAt } = mail;
  return (
    <li className="grid gap-x-6 gap-y-0.5 px-5 py-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:px-6">
      <p>
        <span className="mr-2">{mailKindLabel(kind) || escapeInvisible(kind)}</span>
        <OutboxStateBadge state={state} />
      </p>
      <p className="text-sm leading-base text-muted sm:text-right">
        <Time iso={(sentAt ?? createdAt).toISOString()} />
      </p>
      {recipient === email ? null : (
        <p className="text-sm text-muted [overflow-wrap:anywhere] sm:col-span-2">
          To {escapeInvisible(recipient)}
        </p>
      )}
      {lastAnswer && state !== "SENT" ? (
        <p className="text-sm text-muted [overflow-wrap:anywhere] sm:col-span-2">
          {escapeInvisible(lastAnswer)}
        </p>
      ) : null}
    </li>
  );
}

type MailsCardProps = { mails: OutboxEntry[]; email: string; addresses: Addresses };

/** The latest mails about an account: their kind and state, never their content. */
export function MailsCard({ mails, email, addresses }: MailsCardProps) {
  return (
    <Card id="mails">
      <CardHeader
        id="mails"
        title="Mail"
        description="The last 20 messages about this account."
        actions={
          <TextLink href={outboxAddress({ recipient: addresses.search })} className="text-sm">
            All to {addresses.words}
          </TextLink>
        }
      />
      {mails.length > 0 ? (
        <ul className="divide-y divide-line">
          {mails.map((mail) => (
            <Mail key={mail.id} mail={mail} email={email} />
          ))}
        </ul>
      ) : (
        <CardBody className="text-muted">No messages about this account yet.</CardBody>
      )}
    </Card>
  );
}
