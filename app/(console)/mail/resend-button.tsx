"use client";

import { RotateCw } from "lucide-react";
import { useState } from "react";
import { failureWords, mayBeDone } from "@/components/form/failure-words";
import { unanswered } from "@/components/form/unanswered";
import { useRefresh } from "@/components/form/use-refresh";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import { resend } from "./actions";

type ResendButtonProps = { id: string; recipient: string };

/** Queues a mail again for an immediate attempt, and starts its retry period anew. */
export function ResendButton({ id, recipient }: ResendButtonProps) {
  const { refresh, isRefreshing } = useRefresh();
  const [isBusy, setBusy] = useState(false);

  async function press() {
    setBusy(true);
    const answer = await resend({ id }).catch(unanswered);
    setBusy(false);
    if (answer.ok) {
      // Another administrator may have removed or entered the mail server since the page was loaded.
      const when = answer.isWaiting
        ? "It is sent as soon as there is a mail server."
        : "It is being sent now.";
      toast(`Queued again for ${answer.recipient}.`, { description: when });
    } else if (answer.code === "gone") {
      toast("Not queued again.", { description: "That message is no longer kept." });
    } else if (answer.code === "not-waiting") {
      toast("Not queued again.", {
        description: "It was sent, is being sent right now, or is no longer relevant.",
      });
    } else if (answer.code === "invalid") {
      toast("There is no such message.", { tone: "danger" });
    } else {
      // Not refreshed: without a server, or logged out, the reader would lose the page and this message.
      const description =
        answer.code === "forbidden"
          ? "Only a system administrator can do this."
          : `${failureWords(answer).title}.`;
      const title = mayBeDone(answer) ? "The message may not have been queued again." : "Not queued again.";
      return toast(title, { tone: "danger", description });
    }
    refresh();
  }

  return (
    <Button
      size="sm"
      busy={isBusy || isRefreshing}
      onClick={() => void press()}
      aria-label={`Resend to ${recipient}`}
    >
      <RotateCw aria-hidden />
      Resend
    </Button>
  );
}
