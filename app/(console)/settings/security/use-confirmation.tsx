"use client";

import { type FormEvent, useEffect, useState } from "react";
import { confirmFailureText } from "@/app/form-failure";
import { ConfirmationField } from "@/components/ui/confirmation-field";
import { controlId } from "@/components/ui/field";
import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import { askAgain, YourPasswordField } from "./your-password-field";

type ConfirmationOptions = {
  /** The prefix of the fields' ids. */
  id: string;
  /** The word to type, and what typing it confirms; null for none. */
  word: { text: string; end: string } | null;
  passwordRequired: boolean;
  /** Why the last password was refused. */
  refusal: ConfirmFailure | null;
  /** Receives the password if it was asked for. */
  onConfirm: (password: string | null) => void;
};

/** Returns the fields that confirm a change of keys, and the submit handler that requires them. */
export function useConfirmation(options: ConfirmationOptions) {
  const { id, word, passwordRequired, refusal, onConfirm } = options;
  const [typed, setTyped] = useState("");
  const [password, setPassword] = useState("");
  const [errors, setErrors] = useState<{ word?: string; password?: string }>({});

  // Each refusal is a new object, so that a second wrong password shows the error again.
  useEffect(() => {
    if (!refusal) return;
    setErrors({ password: confirmFailureText(refusal) });
    askAgain(`${id}-password`);
  }, [id, refusal]);

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = {
      ...(word &&
        typed.trim().toLowerCase() !== word.text && { word: `Type “${word.text}” to ${word.end}.` }),
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
          error={errors.word}
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
