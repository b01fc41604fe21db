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
import { retirementText, wordsOfChange } from "./ring-words";
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
  const words = wordsOfChange(question)[kind];
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
      title={words.title}
      description={
        question.kind === "retire" ? (
          <RetirementEffect question={question} />
        ) : (
          <RollBackEffect question={question} />
        )
      }
      footer={
        <>
          <Button onClick={onCancel}>Cancel</Button>
          <Button variant={isRetirement ? "danger" : "primary"} type="submit" form="ring" busy={isBusy}>
            {endsSessions ? "Retire and end sessions" : words.button}
          </Button>
        </>
      }
    >
      <form method="post" id="ring" noValidate onSubmit={submit} className="grid gap-5">
        {question.kind === "retire" ? (
          <Retirement question={question} />
        ) : (
          <KeyChange from={question.newer} to={key} />
        )}
        {fields}
      </form>
    </AlertDialog>
  );
}

type QuestionOf<K extends RingQuestion["kind"]> = { question: RingQuestion & { kind: K } };

function RetirementEffect({ question }: QuestionOf<"retire">) {
  return (
    <>
      Nothing has changed yet. {wordsOfChange(question).retire.effect}
      <p className="mt-5 font-medium text-ink">{retirementText(question.reach)}</p>
    </>
  );
}

function Retirement({ question }: QuestionOf<"retire">) {
  const { fingerprint, issuer } = question.key;
  return (
    <div className="grid gap-3">
      <p className="text-sm text-muted">{wordsOfChange(question).retire.others}</p>
      <KeyFact fingerprint={fingerprint} issuer={issuer} />
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

function RollBackEffect({ question }: QuestionOf<"roll-back">) {
  const { reach } = question;
  const { effect, outgoing } = wordsOfChange(question)["roll-back"];
  return (
    <>
      Nothing has changed yet. {effect}
      <p className="mt-5 text-ink">
        {keptText(reach)} {outgoing} until <Time iso={reach.outgoingKeyVerifiesUntil.toISOString()} />, then
        retires by itself.
      </p>
    </>
  );
}
