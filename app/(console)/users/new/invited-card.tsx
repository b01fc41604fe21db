"use client";

import { useEffect, useRef } from "react";
import { Button, buttonStyles } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { EmailAddress } from "@/components/ui/email-address";
import { PageLink } from "@/components/ui/page-link";
import { LinkIssued } from "../link-issued";
import type { Invited } from "./new-user-form";

/** The invited person, with the link, which is shown only once. */
export function InvitedCard({ invited, onAnother }: { invited: Invited; onAnother: () => void }) {
  const { userId, email, isMailed, isWaiting, activationUrl, expiresAt } = invited;
  const notSent = isWaiting
    ? "There is no mail server any more: the mail waits in the outbox."
    : "Nothing was mailed.";
  const title = useRef<HTMLHeadingElement>(null);
  // The focused form is gone.
  useEffect(() => title.current?.focus(), []);
  return (
    <Card id="invited">
      <CardBody className="grid gap-5">
        <div>
          <h2 ref={title} id="invited-title" tabIndex={-1} className="text-lg font-semibold">
            <EmailAddress address={email} /> is invited
          </h2>
          <p className="mt-1 text-muted">
            {isMailed && !isWaiting
              ? "The activation link is on its way by mail. You can also hand it over yourself."
              : `${notSent} Copy the link and hand it over in a way that only this person can read.`}{" "}
            It is shown only once. You can create a new one on the account’s page.
          </p>
        </div>
        <LinkIssued label="Activation link" url={activationUrl} expiresAt={expiresAt} />
        <div className="flex flex-wrap gap-2">
          <PageLink href={`/users/${userId}`} className={buttonStyles({ variant: "primary" })}>
            Open the account
          </PageLink>
          <Button onClick={onAnother}>Invite another</Button>
        </div>
      </CardBody>
    </Card>
  );
}
