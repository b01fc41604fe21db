"use client";

import { type ComponentType, useState } from "react";
import { loadPart } from "@/components/form/ask-server";
import { failureWords, mayBeDone } from "@/components/form/failure-words";
import { useLeaveGuard } from "@/components/form/leave-guard";
import { unanswered } from "@/components/form/unanswered";
import { useRefresh } from "@/components/form/use-refresh";
import { toast } from "@/components/ui/toast";
import type { RetirementReach } from "@/lib/jwt-security/service/retire-key";
import type { RingKey } from "@/lib/tokens/store";
import { retireKey, rollBackKey } from "./actions";
import type { RingDialogProps, RingQuestion } from "./ring-dialog";
import { wordsOfChange } from "./ring-words";

export type RingChangeKind = RingQuestion["kind"];

/** The administrator's answers; the first request has none, so that the server asks. */
type Given = { agreedSessions: number | null; isConfirmed: boolean; password: string | null };

const nothing: Given = { agreedSessions: null, isConfirmed: false, password: null };

async function send(
  kind: RingChangeKind,
  { kid, currentKid }: { kid: string; currentKid: string },
  given: Given,
) {
  const { agreedSessions, isConfirmed, password } = given;
  const call =
    kind === "retire"
      ? retireKey({ kid, agreedSessions, password })
      : rollBackKey({ kid, currentKid, isConfirmed, password });
  return call.catch(unanswered);
}

/** Returns the refusal of an agreement that was given to fewer sessions; null if there was none, as at first. */
function growth({ sessions }: RetirementReach, { agreedSessions }: Given): RingQuestion["refusal"] {
  const hasGrown = agreedSessions !== null && sessions > agreedSessions;
  return hasGrown ? { ok: false, code: "more-sessions" } : null;
}

/**
 * Retires a key early or puts it back in force: asks the server for the effect, shows it to the administrator in a
 * lazily loaded dialog, and sends the confirmed change.
 */
export function useRingChange(current: RingKey) {
  const { refresh, isRefreshing } = useRefresh();
  const { leaveFor } = useLeaveGuard();
  const [question, setQuestion] = useState<RingQuestion | null>(null);
  const [Dialog, setDialog] = useState<ComponentType<RingDialogProps> | null>(null);
  const [isWaiting, setWaiting] = useState(false);
  // Until the page shows a change: the next one would be refused, as if somebody else had made it.
  const isBusy = isWaiting || isRefreshing;
  const [failure, setFailure] = useState<string | null>(null);

  function end(message: string | null) {
    setQuestion(null);
    setFailure(message);
  }

  async function run(
    kind: RingChangeKind,
    { key, newer }: Pick<RingQuestion, "key" | "newer">,
    given: Given,
  ) {
    setWaiting(true);
    const answer = await send(kind, { kid: key.kid, currentKid: newer.kid }, given);
    setWaiting(false);
    if (answer.ok) {
      end(null);
      if ("signedOut" in answer && answer.signedOut) return leaveFor("/login?notice=session-ended");
      toast(wordsOfChange({ key, newer })[kind].done);
      return refresh();
    }
    const asked = { key, newer, refusal: null };
    switch (answer.code) {
      case "retirement-unconfirmed":
        return setQuestion({ ...asked, ...answer, kind: "retire", refusal: growth(answer.reach, given) });
      case "roll-back-unconfirmed":
        return setQuestion({ ...asked, ...answer, kind: "roll-back" });
      case "wrong-password":
      case "throttled":
        return setQuestion((put) => put && { ...put, passwordRequired: true, refusal: answer });
      case "ring-changed":
        // Possibly by the same change: its answer was lost, and the browser or the administrator has sent it again.
        end(
          "The keys have changed in the meantime. Nothing was done now: the list shows their current state.",
        );
        return refresh();
      case "invalid":
      case "outdated":
        return end("Nothing was done. Reload the page and try again.");
      default: {
        // The session may have been ended by this change: its answer was lost, and the browser has sent it again.
        const isOpen = given !== nothing && (mayBeDone(answer) || answer.code === "unauthenticated");
        const done = isOpen ? "This may or may not have been done." : "Nothing was done.";
        return end(`${done} ${failureWords(answer).title}.`);
      }
    }
  }

  async function ask(kind: RingChangeKind, key: RingKey) {
    setFailure(null);
    setWaiting(true);
    const loaded = await loadPart(() => import("./ring-dialog"));
    if (!loaded) {
      setWaiting(false);
      return end("Nothing was done. Gatehouse cannot be reached; if this continues, reload the page.");
    }
    setDialog(() => loaded.RingDialog);
    await run(kind, { key, newer: current }, nothing);
  }

  const dialog =
    Dialog && question ? (
      <Dialog
        question={question}
        isBusy={isBusy}
        onCancel={() => end(null)}
        onConfirm={(password) => {
          const agreedSessions = question.kind === "retire" ? question.reach.sessions : null;
          void run(question.kind, question, { agreedSessions, isConfirmed: true, password });
        }}
      />
    ) : null;

  return { ask: (kind: RingChangeKind, key: RingKey) => void ask(kind, key), isBusy, failure, dialog };
}

export type RingChange = Pick<ReturnType<typeof useRingChange>, "ask" | "isBusy" | "failure">;
