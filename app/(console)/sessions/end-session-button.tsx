"use client";

import { useState } from "react";
import { useAccountChange } from "@/app/(console)/users/use-account-change";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import { endOne } from "./actions";

type EndSessionButtonProps = { sessionId: string; email: string; device: string; address: string };

/** Ends one session, after a confirmation. */
export function EndSessionButton({ sessionId, email, device, address }: EndSessionButtonProps) {
  const { isBusy, run } = useAccountChange();
  const [isAsking, setAsking] = useState(false);

  async function apply() {
    const answer = await run(() => endOne({ sessionId }));
    setAsking(false);
    if (answer) toast(`Ended. ${answer.email} is logged out there.`);
  }

  return (
    <>
      <Button
        size="sm"
        busy={isBusy}
        onClick={() => setAsking(true)}
        aria-label={`End the session of ${email}: ${device}, from ${address}`}
      >
        End
      </Button>
      <AlertDialog
        open={isAsking}
        onCancel={() => setAsking(false)}
        title={`End this session of ${email}?`}
        description={`${device}, from ${address}, is logged out at once. Other sessions stay open, and the password stays the same.`}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button variant="danger" busy={isBusy} onClick={() => void apply()}>
              End session
            </Button>
          </>
        }
      />
    </>
  );
}
