"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { FieldError } from "@/components/ui/field-error";
import { Label } from "@/components/ui/label";
import { PasswordInput } from "@/components/ui/password-input";
import { checkPassword, policyRequirements, type Violation, violationText } from "@/lib/password/rules";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { RequirementList } from "./requirement-list";
import { StrengthHint } from "./strength-hint";

type NewPasswordFieldsProps = {
  policy: PasswordPolicy;
  /** What the server had against the password and found in it at the last submit; until one types again these stand. */
  objection: string | undefined;
  violations: Violation[];
  /** The account's address, so that a password manager stores the password under it. */
  username?: string;
};

/**
 * A new password, sent as `password`, with the policy as a live checklist. One field that can be shown, no second one to
 * repeat it (NIST SP 800-63B-4, 3.1.1.2). While the password breaks the policy, submitting puts the focus back here, and
 * has the page read again: the policy may have been relaxed since it was opened, and only the server knows.
 */
export function NewPasswordFields({ policy, objection, violations, username }: NewPasswordFieldsProps) {
  const { refresh } = useRouter();
  const [password, setPassword] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const found = password === "" ? violations : checkPassword(policy, password);
  const requirements = policyRequirements(policy);
  const listed = new Set(requirements.map(({ code }) => code));
  const unlisted = found.filter(({ code }) => !listed.has(code));
  const isJudged = password !== "" || violations.length > 0;
  const standing = password === "" ? objection : undefined;
  const broken = new Set(found.map(({ code }) => code));
  const met = requirements.filter(({ code }) => !broken.has(code)).length;

  useEffect(() => {
    const input = box.current?.querySelector<HTMLInputElement>("#new-password");
    if (input?.value) setPassword(input.value); // Typed before this script was there.
    const form = input?.form;
    const refuse = (event: SubmitEvent) => {
      if (!input || checkPassword(policy, input.value).length === 0) return;
      event.preventDefault();
      input.focus();
      refresh();
    };
    const clear = () => setPassword(""); // React empties the form after an answer.
    // In the capture phase, ahead of React's own listener, which would send the form.
    form?.addEventListener("submit", refuse, true);
    form?.addEventListener("reset", clear);
    return () => {
      form?.removeEventListener("submit", refuse, true);
      form?.removeEventListener("reset", clear);
    };
  }, [policy, refresh]);

  return (
    <div ref={box} className="grid grid-cols-1 gap-3">
      {username ? <input type="text" autoComplete="username" value={username} readOnly hidden /> : null}
      <div className="grid gap-1.5">
        <Label htmlFor="new-password">New password</Label>
        <div>
          <PasswordInput
            id="new-password"
            name="password"
            autoComplete="new-password"
            required
            aria-describedby="new-password-objection new-password-rules new-password-problems"
            aria-invalid={standing || (violations.length > 0 && password === "") ? true : undefined}
            onChange={(event) => setPassword(event.target.value)}
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
      {/* The objection has its room meanwhile, so that the form stays where it is when one types. */}
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
