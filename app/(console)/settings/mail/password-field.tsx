"use client";

import { useEffect, useState } from "react";
import { usePanel } from "@/components/form/panel-context";
import { useFieldError } from "@/components/form/use-field-error";
import { Button } from "@/components/ui/button";
import { controlId, Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { PasswordInput } from "@/components/ui/password-input";

const name = "password";
const removal = "removesPassword";
const MASK = "•".repeat(16);

const focusSoon = () => requestAnimationFrame(() => document.getElementById(controlId(name))?.focus());

/** The mail server's password. A stored one is never shown, and can be replaced or removed. */
export function PasswordField({ hasPassword }: { hasPassword: boolean }) {
  const { spec, text: texts, changed, setField } = usePanel();
  const [isEntering, setEntering] = useState(false);
  const text = String(texts[name]);
  const isRemoved = texts[removal] === true;
  const error = useFieldError(name);

  // Undo and Save empty the field while the focus is elsewhere; a user who clears it to retype still has the focus in
  // it.
  useEffect(() => {
    if (text === "" && document.activeElement?.id !== controlId(name)) setEntering(false);
  }, [text]);

  function keep() {
    setEntering(false);
    setField(name, "");
    setField(removal, false);
    focusSoon();
  }

  function replace() {
    setEntering(true);
    focusSoon();
  }

  const isMasked = hasPassword && !isEntering && text === "";
  const note = isRemoved
    ? "Removed when you save"
    : text !== ""
      ? hasPassword
        ? "Replaces the stored one when you save"
        : null
      : hasPassword
        ? "Set"
        : "Not set";

  return (
    <Field
      id={name}
      label={spec[name]?.label ?? ""}
      help={spec[name]?.help}
      error={error}
      note={error ? null : note}
      isUnsaved={changed.includes(name) || changed.includes(removal)}
    >
      {(control) =>
        isMasked ? (
          <>
            <Input {...control} readOnly value={isRemoved ? "" : MASK} aria-label="Password, hidden" />
            <div className="mt-2 flex flex-wrap gap-2">
              {isRemoved ? (
                <Button size="sm" onClick={keep}>
                  Keep stored password
                </Button>
              ) : (
                <>
                  <Button size="sm" onClick={replace}>
                    Replace
                  </Button>
                  <Button
                    size="sm"
                    onClick={() => {
                      setField(removal, true);
                      focusSoon();
                    }}
                  >
                    Remove
                  </Button>
                </>
              )}
            </div>
          </>
        ) : (
          <>
            <PasswordInput
              {...control}
              // This is not a password for Gatehouse: a password manager should neither fill it in nor store it.
              autoComplete="new-password"
              data-1p-ignore
              data-lpignore="true"
              value={text}
              onChange={({ target }) => setField(name, target.value)}
            />
            {hasPassword ? (
              <Button size="sm" className="mt-2" onClick={keep}>
                Keep stored password
              </Button>
            ) : null}
          </>
        )
      }
    </Field>
  );
}
