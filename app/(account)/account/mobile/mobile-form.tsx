"use client";

import { useState } from "react";
import { useFormAction } from "@/components/form/use-form-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { CardBody } from "@/components/ui/card";
import { FormMessage } from "../form-message";
import { makeCode } from "./actions";
import { codePhase, mayStillChange, type StoredCode } from "./code-phase";
import { announcement, EndedCode } from "./ended-code";
import type { MobileState } from "./mobile-state";
import { OpenCode } from "./open-code";
import { useCodePolling } from "./use-code-polling";
import { useSecondsLeft } from "./use-seconds-left";

const start: MobileState = { code: null, failure: null, message: null };

/** Makes codes, shows the newest one and follows its state. Opening the page makes no code. */
export function MobileForm({ personId, stored }: { personId: string; stored: StoredCode | null }) {
  const [{ code: made, failure, message }, action, isPending] = useFormAction<MobileState>(
    makeCode,
    start,
    (text, previous) => ({ ...previous, message: text }),
  );
  // A request that fails makes none, and the last one still works.
  const [code, setCode] = useState(made);
  if (made && made !== code) setCode(made);
  const secondsLeft = useSecondsLeft(code);
  const phase = codePhase(code, stored, secondsLeft === 0);
  useCodePolling(mayStillChange(phase, code, stored));
  return (
    <form action={action}>
      <input type="hidden" name="person" value={personId} />
      <CardBody>
        <p aria-live="polite" className="sr-only">
          {/* Another code is announced in the same words. */}
          <span key={code?.createdAt}>{announcement(phase, secondsLeft)}</span>
        </p>
        <div aria-live="polite">
          {failure ? (
            <Callout tone="danger" title="Your password has expired" isWaiting={isPending}>
              Choose a new one on the <a href="/account/password">Password</a> page, then come back.
            </Callout>
          ) : null}
        </div>
        {failure ? null : phase === "open" && code ? (
          <OpenCode code={code} secondsLeft={secondsLeft} />
        ) : (
          <EndedCode phase={phase} stored={stored} />
        )}
      </CardBody>
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-t px-5 py-4 sm:px-6">
        <FormMessage tone="danger" message={message} isWaiting={isPending} className="mr-auto" />
        <Button type="submit" variant={phase === "open" ? "secondary" : "primary"} busy={isPending}>
          {phase === "none" ? "Show code" : "New code"}
        </Button>
      </div>
    </form>
  );
}
