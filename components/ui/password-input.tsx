"use client";

import { ArrowBigUpDash, Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, useEffect, useRef, useState } from "react";

type PasswordInputProps = Omit<ComponentProps<"input">, "type" | "ref" | "className"> & {
  id: string;
  autoComplete: "current-password" | "new-password";
  /** What the button names, where the page has several passwords. */
  what?: "password" | "current password" | "new password";
};

/**
 * A password field with a button to show and hide it, and a hint while Caps Lock is on. Pasting and password managers
 * are allowed (NIST SP 800-63B-4, 3.1.1.2).
 */
export function PasswordInput({ id, what = "password", ...props }: PasswordInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isShown, setShown] = useState(false);
  const [isCapsLock, setCapsLock] = useState(false);
  // A password manager's key events have no modifiers.
  const noteCapsLock = ({ nativeEvent }: KeyboardEvent) =>
    setCapsLock(nativeEvent.getModifierState?.("CapsLock") ?? false);

  // Hides the password on submit: browsers offer to save a password only when it comes from a password field.
  useEffect(() => {
    const form = input.current?.form;
    const hide = () => setShown(false);
    form?.addEventListener("submit", hide);
    return () => form?.removeEventListener("submit", hide);
  }, []);

  return (
    <div className="control flex items-stretch">
      <input
        {...props}
        // As in `Input`.
        aria-invalid={props["aria-invalid"] ?? (props.required ? false : undefined)}
        onKeyDown={noteCapsLock}
        onKeyUp={noteCapsLock}
        onBlur={() => setCapsLock(false)}
        ref={input}
        id={id}
        type={isShown ? "text" : "password"}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        className="w-0 flex-1 rounded bg-transparent px-3 py-1.5 outline-none"
      />
      <span aria-live="polite" className="self-center text-sm text-warning">
        {isCapsLock ? (
          <span className="inline-flex items-center gap-1">
            <ArrowBigUpDash aria-hidden className="size-4" />
            <span aria-hidden>Caps Lock</span>
            <span className="sr-only">Caps Lock is on</span>
          </span>
        ) : null}
      </span>
      <button
        type="button"
        aria-controls={id}
        aria-label={`${isShown ? "Hide" : "Show"} ${what}`}
        // The field keeps the focus, and a phone its keyboard.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => setShown(!isShown)}
        className="grid w-10 place-items-center rounded text-muted hover:text-ink focus-visible:outline-offset-[-3px] noscript:hidden"
      >
        {isShown ? <EyeOff aria-hidden className="size-4" /> : <Eye aria-hidden className="size-4" />}
      </button>
    </div>
  );
}
