"use client";

import { useEffect, useRef, useState } from "react";
import { useSafeRefresh } from "@/components/form/use-safe-refresh";
import { withoutBubble } from "@/components/form/without-bubble";
import { FieldError } from "@/components/ui/field-error";
import { Label } from "@/components/ui/label";
import { PasswordInput } from "@/components/ui/password-input";
import {
  checkPassword,
  policyRequirements,
  UNMET_RULES_TEXT,
  type Violation,
  violationText,
} from "@/lib/password/rules";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { RequirementList, requirementIds } from "./requirement-list";
import { StrengthHint } from "./strength-hint";

type NewPasswordFieldsProps = {
  policy: PasswordPolicy;
  /**
   * The server's objection to the password submitted last, and the rules it violates; shown until the user types again.
   */
  objection: string | undefined;
  violations: Violation[];
  /** The account's address, which a password should not repeat. */
  username?: string;
};

/**
 * A new password, sent as `password`, with the policy as a live checklist. There is one field that can be shown, and no
 * second field to repeat it (NIST SP 800-63B-4, 3.1.1.2). If the password violates the policy, submitting says so, moves
 * the focus back here and refreshes the page: the policy may have been relaxed since the page was loaded, and only the
 * server knows.
 */
export function NewPasswordFields({ policy, objection, violations, username }: NewPasswordFieldsProps) {
  const refresh = useSafeRefresh();
  const [password, setPassword] = useState("");
  const [isRefused, setRefused] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const found = password === "" ? violations : checkPassword(policy, password);
  const requirements = policyRequirements(policy);
  const listed = new Set(requirements.map(({ code }) => code));
  const unlisted = found.filter(({ code }) => !listed.has(code));
  const isJudged = password !== "" || violations.length > 0;
  const refusal = isRefused && found.length > 0 ? UNMET_RULES_TEXT : undefined;
  const standing = password !== "" ? refusal : isMissing ? "Enter a new password." : objection;
  const broken = new Set(found.map(({ code }) => code));
  const met = requirements.filter(({ code }) => !broken.has(code)).length;

  useEffect(() => {
    const input = box.current?.querySelector<HTMLInputElement>("#new-password");
    if (input?.value) setPassword(input.value); // Typed before hydration.
    const form = input?.form;
    const refuse = (event: SubmitEvent) => {
      if (!input || checkPassword(policy, input.value).length === 0) return;
      event.preventDefault();
      input.focus();
      setRefused(true);
      refresh();
    };
    // The form is reset after an objection.
    const clear = () => {
      setPassword("");
      setRefused(false);
      setMissing(false);
    };
    // In the capture phase, before React's own listener, which would send the form.
    form?.addEventListener("submit", refuse, true);
    form?.addEventListener("reset", clear);
    return () => {
      form?.removeEventListener("submit", refuse, true);
      form?.removeEventListener("reset", clear);
    };
  }, [policy, refresh]);

  return (
    <div ref={box} className="grid grid-cols-1 gap-3">
      <div className="grid gap-1.5">
        <Label htmlFor="new-password">New password</Label>
        <div>
          <PasswordInput
            id="new-password"
            name="password"
            autoComplete="new-password"
            what="new password"
            required
            aria-describedby={`new-password-objection ${requirementIds("new-password-rules", requirements)} new-password-problems`}
            aria-invalid={standing || (violations.length > 0 && password === "") ? true : undefined}
            onInvalid={(event) => {
              withoutBubble(event);
              setMissing(true);
            }}
            onChange={(event) => {
              setPassword(event.target.value);
              setRefused(false);
              setMissing(false);
            }}
          />
          <FieldError id="new-password-objection" message={standing} />
        </div>
      </div>
      <RequirementList
        id="new-password-rules"
        requirements={requirements}
        stateOf={(code) => (isJudged ? (broken.has(code) ? "unmet" : "met") : "open")}
      />
      <div id="new-password-problems" className="text-sm text-danger empty:hidden">
        {unlisted.map((violation) => (
          <p key={violation.code}>{violationText(violation)}</p>
        ))}
      </div>
      {/* The objection takes the hint's place, so that the form does not shift when typing starts. */}
      {standing ? null : (
        <StrengthHint
          password={password}
          isAdmitted={password !== "" && found.length === 0}
          username={username}
        />
      )}
      <p aria-live="polite" className="sr-only">
        {isJudged ? `${met} of ${requirements.length} requirements met` : ""}
      </p>
    </div>
  );
}
