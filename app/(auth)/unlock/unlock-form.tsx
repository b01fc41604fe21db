"use client";

import { useFormAction } from "@/components/form/use-form-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { unlock } from "./actions";

/** The button that lifts the lock. Opening the link must not do it, because mail scanners open links too. */
export function UnlockForm({ token }: { token: string }) {
  const [{ message }, action, isPending] = useFormAction(unlock, { message: null }, (text) => ({
    message: text,
  }));
  return (
    <form action={action}>
      <div aria-live="polite">
        {message ? (
          <Callout tone="danger" isWaiting={isPending} className="mb-5">
            {message}
          </Callout>
        ) : null}
      </div>
      <input type="hidden" name="token" value={token} />
      <Button type="submit" variant="primary" busy={isPending} className="w-full">
        {isPending ? "Unlocking…" : "Unlock account"}
      </Button>
    </form>
  );
}
