"use client";

import { useState } from "react";
import { unanswered } from "@/components/form/unanswered";
import { useRefresh } from "@/components/form/use-refresh";
import { clearToasts, toast } from "@/components/ui/toast";
import { type AccountFailure, failureText } from "./failure-text";

/** Tells whether the failure means that the page is out of date. */
export const isStale = ({ code }: AccountFailure) =>
  code === "out-of-date" || code === "ended-already" || code === "mail-only";

/** Shows a failure as a toast. */
export function toastFailure(failure: AccountFailure, options?: { onlyAsked: boolean }) {
  const { title, text } = failureText(failure, options);
  toast(`${title}.`, { tone: "danger", description: text });
}

/** Shows the failure of an action that only answers a question. */
export const toastUnanswered = (failure: AccountFailure) => toastFailure(failure, { onlyAsked: true });

/**
 * Calls an action on an account or its sessions, and shows any failure. `run` also refreshes the page. It is busy until
 * the page shows the change: another one that began before would be refused, as if somebody else had changed the account.
 */
export function useAccountChange(showFailure: (failure: AccountFailure) => void = toastFailure) {
  const { refresh, isRefreshing } = useRefresh();
  const [isBusy, setBusy] = useState(false);

  async function answerOf<Value extends { ok: true }>(
    call: () => Promise<Value | AccountFailure>,
    show = showFailure,
  ): Promise<Value | AccountFailure> {
    setBusy(true);
    clearToasts();
    const answer = await call().catch(unanswered);
    setBusy(false);
    if (!answer.ok) show(answer);
    return answer;
  }

  /** Calls an action that changes something, and refreshes the page if that or something else changed the data. */
  async function run<Value extends { ok: true }>(
    call: () => Promise<Value | AccountFailure>,
  ): Promise<Value | null> {
    const answer = await answerOf(call);
    // Other failures do not refresh: a person who was logged out sees the login on the next click, and a reload now
    // would remove this message.
    if (answer.ok || isStale(answer)) refresh();
    return answer.ok ? answer : null;
  }

  /** Calls an action that needs no refresh: it only answers a question, or the page is left after it. */
  async function ask<Value extends { ok: true }>(
    call: () => Promise<Value | AccountFailure>,
    show = showFailure,
  ): Promise<Value | null> {
    const answer = await answerOf(call, show);
    return answer.ok ? answer : null;
  }

  return { isBusy: isBusy || isRefreshing, ask, run };
}
