"use client";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { RetirementReach } from "@/lib/jwt-security/service/retire-key";
import type { RollBackReach } from "@/lib/jwt-security/service/roll-back";
import type { RingKey } from "@/lib/tokens/store";
import { IssuerName } from "./issuer-name";
import { KeyChange } from "./key-change";
import { retirementText } from "./ring-words";
import { keptText } from "./rotation-words";
import { type ConfirmationRefusal, useConfirmation } from "./use-confirmation";

/** The intended change of a key, and its effect. `newer` is the key that signs now. */
export type RingQuestion = {
  key: RingKey;
  newer: RingKey;
  passwordRequired: boolean;
  refusal: ConfirmationRefusal | null;
} & ({ kind: "retire"; reach: RetirementReach } | { kind: "roll-back"; reach: RollBackReach });

export type RingDialogProps = {
  question: RingQuestion;
  isBusy: boolean;
  onCancel: () => void;
  onConfirm: (password: string | null) => void;
};

/** Asks for confirmation before a key is retired early or put back in force. */
export function RingDialog({ question, isBusy, onCancel, onConfirm }: RingDialogProps) {
  const { kind, key, passwordRequired, refusal } = question;
  const isRetirement = kind === "retire";
  const endsSessions = isRetirement && question.reach.sessions > 0;
  const { fields, submit } = useConfirmation({
    id: "ring",
    word: endsSessions ? { text: "retire", end: "end these sessions" } : null,
    passwordRequired,
    refusal,
    onConfirm(password) {
      if (!isBusy) onConfirm(password);
    },
  });

  return (
    <AlertDialog
      open
      onCancel={onCancel}
      title={isRetirement ? "Retire this key now?" : "Sign with the earlier key again?"}
      description={
        question.kind === "retire" ? (
          <RetirementEffect reach={question.reach} />
        ) : (
          <RollBackEffect reach={question.reach} />
        )
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
      <form method="post" id="ring" noValidate onSubmit={submit} className="grid gap-5">
        {question.kind === "retire" ? (
          <Retirement retired={key} />
        ) : (
          <KeyChange from={question.newer} to={key} />
        )}
        {fields}
      </form>
    </AlertDialog>
  );
}

function RetirementEffect({ reach }: { reach: RetirementReach }) {
  return (
    <>
      Nothing has changed yet. Once the key is retired, every token that it signed is refused. It cannot be
      put back.
      <p className="mt-5 font-medium text-ink">{retirementText(reach)}</p>
    </>
  );
}

function Retirement({ retired }: { retired: RingKey }) {
  return (
    <div className="grid gap-3">
      <p className="text-sm text-muted">
        Sessions that have a token of another key continue. Programs that still hold a token of this key must
        renew it.
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
        <IssuerName name={issuer} />
      </Fact>
    </Facts>
  );
}

function RollBackEffect({ reach }: { reach: RollBackReach }) {
  return (
    <>
      Nothing has changed yet. The earlier key and its issuer name take effect again together.
      <p className="mt-5 text-ink">
        {keptText(reach)} The key that signs now keeps verifying until{" "}
        <Time iso={reach.outgoingKeyVerifiesUntil.toISOString()} />, then retires by itself.
      </p>
    </>
  );
}
