"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { unanswered } from "@/components/form/unanswered";
import { toast } from "@/components/ui/toast";
import { type AccountFailure, failureText } from "./failure-text";

/** Whether the page shows what is no longer so. */
const isStale = ({ code }: AccountFailure) =>
  code === "out-of-date" || code === "ended-already" || code === "mail-only";

/** Calls an action on an account or its sessions. A failure is said in words; either way the page then shows what is. */
export function useAccountChange() {
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);

  async function answerOf<Value extends { ok: true }>(
    call: () => Promise<Value | AccountFailure>,
  ): Promise<Value | AccountFailure> {
    setBusy(true);
    const answer = await call().catch(unanswered);
    setBusy(false);
    if (!answer.ok) {
      const { title, text } = failureText(answer);
      toast(title, { tone: "danger", description: text });
    }
    return answer;
  }

  /** For an action that changes something. */
  async function run<Value extends { ok: true }>(
    call: () => Promise<Value | AccountFailure>,
  ): Promise<Value | null> {
    const answer = await answerOf(call);
    // Whoever is logged out finds the login with the next click; a reload would take this message away.
    if (answer.ok || isStale(answer)) router.refresh();
    return answer.ok ? answer : null;
  }

  /** For an action that only answers a question. */
  async function ask<Value extends { ok: true }>(
    call: () => Promise<Value | AccountFailure>,
  ): Promise<Value | null> {
    const answer = await answerOf(call);
    return answer.ok ? answer : null;
  }

  return { isBusy, ask, run };
}
