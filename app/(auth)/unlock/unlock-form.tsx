"use client";

import { RefusalNotice } from "@/components/form/refusal-notice";
import { useFormAction } from "@/components/form/use-form-action";
import { Button } from "@/components/ui/button";
import { unlock } from "./actions";

/** The button that lifts the lock. Opening the link must not do it, because mail scanners open links too. */
export function UnlockForm({ token }: { token: string }) {
  const [{ message }, action, isPending] = useFormAction(unlock, { message: null }, (text) => ({
    message: text,
  }));
  return (
    <form action={action}>
      <RefusalNotice message={message} isWaiting={isPending} />
      <input type="hidden" name="token" value={token} />
      <Button type="submit" variant="primary" busy={isPending} className="w-full">
        {isPending ? "Unlocking…" : "Unlock account"}
      </Button>
    </form>
  );
}
