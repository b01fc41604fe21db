"use client";

import { Link2, Send } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { EmailAddress } from "@/components/ui/email-address";
import { toast } from "@/components/ui/toast";
import { issueLink } from "../actions";
import { LinkIssued } from "../link-issued";
import { useAccountChange } from "../use-account-change";

type LinkButtonsProps = {
  userId: string;
  purpose: "ACTIVATION" | "PASSWORD_RESET";
  /** Without a mail server a link can only be copied; with one, a reset link can only be mailed. */
  hasServer: boolean;
};

const words = {
  ACTIVATION: {
    name: "activation link",
    sent: "An activation link is on its way",
    waits: "An activation link waits in the outbox",
    lets: "choose the first password for",
  },
  PASSWORD_RESET: {
    name: "reset link",
    sent: "A reset link is on its way",
    waits: "A reset link waits in the outbox",
    lets: "choose a new password for",
  },
} as const;

/** Issues a new link: sends it by mail, or shows it to be copied and handed over. */
export function LinkButtons({ userId, purpose, hasServer }: LinkButtonsProps) {
  const { isBusy, run } = useAccountChange();
  const [link, setLink] = useState<{ email: string; url: string; expiresAt: Date } | null>(null);
  const { name, sent, waits, lets } = words[purpose];

  async function issue(delivery: "mail" | "copy") {
    const answer = await run(() => issueLink({ userId, purpose, delivery }));
    if (!answer) return;
    // Another administrator may have changed the address, or removed the mail server, since the page was loaded.
    const { email, url, expiresAt, isWaiting } = answer;
    if (url !== null) return setLink({ email, url, expiresAt });
    toast(isWaiting ? `${waits} for ${email}, because there is no mail server.` : `${sent} to ${email}.`, {
      description: "Earlier links no longer work.",
    });
  }

  return (
    <>
      {hasServer ? (
        <Button size="sm" busy={isBusy} onClick={() => void issue("mail")}>
          <Send aria-hidden />
          Send {name}
        </Button>
      ) : null}
      {hasServer && purpose === "PASSWORD_RESET" ? null : (
        <Button size="sm" busy={isBusy} onClick={() => void issue("copy")}>
          <Link2 aria-hidden />
          Copy {name}
        </Button>
      )}
      <Dialog
        open={link !== null}
        onClose={() => setLink(null)}
        title={`A new ${name}`}
        description={
          <>
            {`Anyone who opens it can ${lets} `}
            <EmailAddress address={link?.email ?? ""} />. Hand it over in a way that only this person can
            read. It is shown only once, and earlier links no longer work.
          </>
        }
        footer={
          <Button variant="primary" onClick={() => setLink(null)}>
            Done
          </Button>
        }
      >
        {link ? <LinkIssued label={`New ${name}`} url={link.url} expiresAt={link.expiresAt} /> : null}
      </Dialog>
    </>
  );
}
