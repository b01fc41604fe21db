"use client";

import { useState } from "react";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button, type ButtonProps } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import { disable, enable, endSessions, unlock } from "../actions";
import { useAccountChange } from "../use-account-change";
import { type ChangeFacts, type ChangeName, changeWords } from "./change-words";

const actions = { unlock, enable, disable, endSessions };

type ChangeButtonProps = Pick<ButtonProps, "disabled" | "aria-describedby"> & {
  change: ChangeName;
  userId: string;
  facts: ChangeFacts;
};

/** A button that changes an account at once, or after a confirmation if the change takes something away. */
export function ChangeButton({ change, userId, facts, ...props }: ChangeButtonProps) {
  const { isBusy, run } = useAccountChange();
  const [isAsking, setAsking] = useState(false);
  const { label, done, question } = changeWords[change](facts);

  async function apply() {
    const answer = await run(() => actions[change]({ userId }));
    setAsking(false);
    if (answer) toast(done(answer.email));
  }

  return (
    <>
      <Button size="sm" busy={isBusy} onClick={() => (question ? setAsking(true) : void apply())} {...props}>
        {label}
      </Button>
      {question ? (
        <AlertDialog
          open={isAsking}
          onCancel={() => setAsking(false)}
          title={question.title}
          description={question.consequence}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>Cancel</Button>
              <Button variant="danger" busy={isBusy} onClick={() => void apply()}>
                {question.confirm}
              </Button>
            </>
          }
        />
      ) : null}
    </>
  );
}
