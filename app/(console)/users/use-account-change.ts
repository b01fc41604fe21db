"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "@/components/ui/toast";
import { type AccountFailure, failureText } from "./failure-text";

/** Calls an action on an account. A failure is said in words; either way the page then shows the account as it is. */
export function useAccountChange() {
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);

  async function run<Value extends { ok: true }>(
    call: () => Promise<Value | AccountFailure>,
  ): Promise<Value | null> {
    setBusy(true);
    const answer = await call().catch((): AccountFailure => ({ ok: false, code: "unreachable" }));
    setBusy(false);
    if (!answer.ok) {
      const { title, text } = failureText(answer);
      toast(title, { tone: "danger", description: text });
    }
    // Who is logged out finds the login by the next click; a reload would take this message away.
    if (answer.ok || answer.code === "out-of-date") router.refresh();
    return answer.ok ? answer : null;
  }

  return { isBusy, run };
}
