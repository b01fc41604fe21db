"use client";

import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { confirmFailureText } from "@/app/form-failure";
import { failureWords } from "@/components/form/failure-words";
import { unanswered } from "@/components/form/unanswered";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { Textarea } from "@/components/ui/textarea";
import { revealKey } from "./actions";
import { askAgain, YourPasswordField } from "./your-password-field";

const FIELD = "show-key-password";

export type ShowKeyDialogProps = { onClose: () => void };

/** The key that signs now, which need not be the one on the page: another administrator may have replaced that. */
type ShownKey = { key: string; fingerprint: string };

/**
 * Shows the current signing key after a password confirmation. `onClose` must unmount it: that forgets the key, even one
 * that has not arrived yet.
 */
export function ShowKeyDialog({ onClose }: ShowKeyDialogProps) {
  const [shown, setShown] = useState<ShownKey | null>(null);
  const [isAsking, setAsking] = useState(false);

  return (
    <Dialog
      open
      onClose={onClose}
      title="Show the signing key"
      description={
        shown
          ? "Anyone with this key can forge tokens for any user. Share it only with services that verify tokens."
          : "Enter your password to see the current key. The audit log records that it was shown."
      }
      footer={
        shown ? (
          <Button variant="primary" onClick={onClose}>
            Hide key
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" type="submit" form="show-key" busy={isAsking}>
              Show key
            </Button>
          </>
        )
      }
    >
      {shown ? <KeyText shown={shown} /> : <PasswordForm onShown={setShown} onAsking={setAsking} />}
    </Dialog>
  );
}

type PasswordFormProps = { onShown: (shown: ShownKey) => void; onAsking: (isAsking: boolean) => void };

function PasswordForm({ onShown, onAsking }: PasswordFormProps) {
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string | null>(null);

  async function show(event: SubmitEvent) {
    event.preventDefault();
    // In React's tree this form is inside the panel's form, whose submit handler would save the panel's unsaved
    // changes.
    event.stopPropagation();
    if (password === "") {
      setError("Enter your password.");
      return askAgain(FIELD);
    }
    setError(null); // So that a second wrong password is announced again.
    onAsking(true);
    const answer = await revealKey({ password }).catch(unanswered);
    onAsking(false);
    if (answer.ok) return onShown(answer);
    if (answer.code === "wrong-password" || answer.code === "throttled") setError(confirmFailureText(answer));
    else if (answer.code === "invalid") setError("Enter your password.");
    else setError(`The key was not shown. ${failureWords(answer).title}.`);
    askAgain(FIELD);
  }

  return (
    <form method="post" id="show-key" noValidate onSubmit={(event) => void show(event)}>
      <YourPasswordField id={FIELD} error={error} value={password} onChange={setPassword} />
    </form>
  );
}

function KeyText({ shown }: { shown: ShownKey }) {
  const box = useRef<HTMLTextAreaElement>(null);
  // The focused button is gone.
  useEffect(() => box.current?.focus(), []);
  return (
    <div>
      <Textarea
        ref={box}
        readOnly
        rows={4}
        value={shown.key}
        aria-label="Current signing key"
        className="figures break-all"
        onFocus={(event) => event.target.select()}
      />
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <CopyButton text={shown.key} label="Copy key" />
        <p className="text-sm text-muted">
          Fingerprint <span className="figures text-ink">{shown.fingerprint}</span>
        </p>
      </div>
    </div>
  );
}
