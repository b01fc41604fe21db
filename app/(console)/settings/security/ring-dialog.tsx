"use client";

import { type FormEvent, useEffect, useState } from "react";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { ConfirmationField } from "@/components/ui/confirmation-field";
import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { ProofFailure } from "@/lib/jwt-security/proof";
import type { RetirementReach } from "@/lib/jwt-security/service/retire-key";
import type { RollBackReach } from "@/lib/jwt-security/service/roll-back";
import type { RingKey } from "@/lib/tokens/store";
import { KeyChange } from "./key-change";
import { refusalText } from "./proof-refusal";
import { retirementText } from "./ring-words";
import { keptText } from "./rotation-words";
import { YourPasswordField } from "./your-password-field";

/** What is to become of a key, and what that means. `newer` signs now. */
export type RingQuestion = {
  key: RingKey;
  newer: RingKey;
  passwordRequired: boolean;
  /** Why the password given last was not taken. */
  refusal: ProofFailure | null;
} & ({ kind: "retire"; reach: RetirementReach } | { kind: "roll-back"; reach: RollBackReach });

export type RingDialogProps = {
  question: RingQuestion;
  isBusy: boolean;
  onCancel: () => void;
  onConfirm: (password: string | null) => void;
};

const WORD = "retire";

/** Asks before a key is retired early, or put back in force. */
export function RingDialog({ question, isBusy, onCancel, onConfirm }: RingDialogProps) {
  const { kind, key, passwordRequired, refusal } = question;
  const isRetirement = kind === "retire";
  const endsSessions = isRetirement && question.reach.sessions > 0;
  const [word, setWord] = useState("");
  const [password, setPassword] = useState("");
  const [errors, setErrors] = useState<{ word?: string; password?: string }>({});

  // Each refusal is an object of its own, so that the second wrong password is said again.
  useEffect(() => {
    if (!refusal) return;
    setErrors({ password: refusalText(refusal) });
    document.getElementById("ring-password-control")?.focus();
  }, [refusal]);

  function confirm(event: FormEvent) {
    event.preventDefault();
    const found = {
      ...(endsSessions &&
        word.trim().toLowerCase() !== WORD && { word: `Type “${WORD}” to end these sessions.` }),
      ...(passwordRequired && password === "" && { password: "Enter your password." }),
    };
    setErrors(found);
    const first = Object.keys(found)[0];
    if (first) document.getElementById(`ring-${first}-control`)?.focus();
    else if (!isBusy) onConfirm(passwordRequired ? password : null);
  }

  return (
    <AlertDialog
      open
      onCancel={onCancel}
      title={isRetirement ? "Retire this key now?" : "Sign with the earlier key again?"}
      description={
        isRetirement
          ? "Nothing has changed yet. Once retired, whatever it signed is refused, and it cannot be put back."
          : "Nothing has changed yet. The earlier key and its issuer name go back in force together."
      }
      footer={
        <>
          <Button onClick={onCancel}>Cancel</Button>
          <Button variant={isRetirement ? "danger" : "primary"} type="submit" form="ring" busy={isBusy}>
            {endsSessions ? "Retire and end sessions" : isRetirement ? "Retire key" : "Roll back"}
          </Button>
        </>
      }
    >
      <form method="post" id="ring" noValidate onSubmit={confirm} className="grid gap-5">
        {question.kind === "retire" ? (
          <Retirement retired={key} reach={question.reach} />
        ) : (
          <RollBack earlier={key} newer={question.newer} reach={question.reach} />
        )}
        {endsSessions ? (
          <ConfirmationField
            id="ring-word"
            wanted={`“${WORD}”`}
            error={errors.word}
            value={word}
            onChange={setWord}
          />
        ) : null}
        {passwordRequired ? (
          <YourPasswordField
            id="ring-password"
            error={errors.password}
            value={password}
            onChange={setPassword}
          />
        ) : null}
      </form>
    </AlertDialog>
  );
}

function Retirement({ retired, reach }: { retired: RingKey; reach: RetirementReach }) {
  return (
    <div className="grid gap-3">
      <p className="font-medium text-ink">{retirementText(reach)}</p>
      <p className="text-sm text-muted">
        Sessions that have a token of another key go on. What programs still hold of this one is refused, and
        they renew it.
      </p>
      <KeyFact fingerprint={retired.fingerprint} issuer={retired.issuer} />
    </div>
  );
}

function KeyFact({ fingerprint, issuer }: Pick<RingKey, "fingerprint" | "issuer">) {
  return (
    <Facts>
      <Fact term="Fingerprint">
        <span className="figures">{fingerprint}</span>
      </Fact>
      <Fact term="Issuer name">
        <bdi>{issuer}</bdi>
      </Fact>
    </Facts>
  );
}

function RollBack({ earlier, newer, reach }: { earlier: RingKey; newer: RingKey; reach: RollBackReach }) {
  return (
    <div className="grid gap-3">
      <p className="text-ink">
        {keptText(reach)} The key that signs now goes on verifying until{" "}
        <Time iso={reach.steppingDownVerifiesUntil.toISOString()} />, then retires by itself.
      </p>
      <KeyChange from={newer} to={earlier} />
    </div>
  );
}
