"use client";

import { type SubmitEvent, useEffect, useEffectEvent, useState } from "react";
import { confirmFailureText } from "@/app/form-failure";
import { ConfirmationField } from "@/components/ui/confirmation-field";
import { controlId } from "@/components/ui/field";
import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import type { Failure } from "@/lib/core/result";
import { askAgain, YourPasswordField } from "./your-password-field";

/** Why what was confirmed was not done; "more-sessions": it would have ended more of them than the reader was shown. */
export type ConfirmationRefusal = ConfirmFailure | Failure<"more-sessions">;

type ConfirmationOptions = {
  /** The prefix of the fields' ids. */
  id: string;
  /** The word to type, and what typing it confirms; null for none. */
  word: { text: string; end: string } | null;
  passwordRequired: boolean;
  refusal: ConfirmationRefusal | null;
  /** Receives the password if it was asked for. */
  onConfirm: (password: string | null) => void;
};

/** Returns the fields that confirm a change of keys, and the submit handler that requires them. */
export function useConfirmation(options: ConfirmationOptions) {
  const { id, word, passwordRequired, refusal, onConfirm } = options;
  const [typed, setTyped] = useState("");
  const [password, setPassword] = useState("");
  const [errors, setErrors] = useState<{ word?: string; password?: string }>({});
  const isRight = !word || typed.trim().toLowerCase() === word.text;
  const wanted = word ? `Type “${word.text}” to ${word.end}.` : "";

  const show = useEffectEvent((refusal: ConfirmationRefusal) => {
    if (refusal.code !== "more-sessions") {
      setErrors({ password: confirmFailureText(refusal) });
      return askAgain(`${id}-password`);
    }
    // The word was typed for the number that was shown before.
    setTyped("");
    setErrors({ word: `Nothing was done: there are more sessions by now. ${wanted}` });
    document.getElementById(controlId(`${id}-word`))?.focus();
  });

  // Each refusal is a new object, so that a second wrong password shows the error again.
  useEffect(() => {
    if (refusal) show(refusal);
  }, [refusal]);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const found = {
      ...(!isRight && { word: wanted }),
      ...(passwordRequired && password === "" && { password: "Enter your password." }),
    };
    setErrors(found);
    const [first] = Object.keys(found);
    if (first) document.getElementById(controlId(`${id}-${first}`))?.focus();
    else onConfirm(passwordRequired ? password : null);
  }

  const fields = (
    <>
      {word ? (
        <ConfirmationField
          id={`${id}-word`}
          wanted={`“${word.text}”`}
          error={isRight ? null : errors.word}
          value={typed}
          onChange={setTyped}
        />
      ) : null}
      {passwordRequired ? (
        <YourPasswordField
          id={`${id}-password`}
          error={errors.password}
          value={password}
          onChange={setPassword}
        />
      ) : null}
    </>
  );
  return { fields, submit };
}
