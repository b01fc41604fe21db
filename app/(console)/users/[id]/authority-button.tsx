"use client";

import { type SubmitEvent, useState } from "react";
import { Button, type ButtonProps } from "@/components/ui/button";
import { ChoiceCard, ChoiceGroup } from "@/components/ui/choice-card";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { authorities } from "@/lib/users/schema";
import type { Authority } from "@/prisma/generated/enums";
import { giveAuthority } from "../actions";
import { useAccountChange } from "../use-account-change";
import { authorityWords } from "../user-words";

type AuthorityButtonProps = Pick<ButtonProps, "disabled" | "aria-describedby"> & {
  userId: string;
  email: string;
  current: Authority;
};

/** The dialog focuses the element with this attribute; React does not render `autoFocus` as an attribute. */
const takeFocus = (input: HTMLInputElement | null) => input?.setAttribute("autofocus", "");

/** Changes an account's authority. */
export function AuthorityButton({ userId, email, current, ...props }: AuthorityButtonProps) {
  const { isBusy, run } = useAccountChange();
  /** The authority that the dialog was opened with; null while it is closed. The page may be refreshed meanwhile. */
  const [seen, setSeen] = useState<Authority | null>(null);
  const [chosen, setChosen] = useState<Authority | null>(null);

  function close() {
    setSeen(null);
    setChosen(null);
  }

  async function save(event: SubmitEvent) {
    event.preventDefault();
    if (seen === null || chosen === null || chosen === seen) return close();
    const answer = await run(() => giveAuthority({ userId, seen, authority: chosen }));
    close();
    if (answer) toast(`${answer.email} is now a ${authorityWords[chosen].label.toLowerCase()}.`);
  }

  return (
    <>
      <Button size="sm" busy={isBusy} onClick={() => setSeen(current)} {...props}>
        Change authority
      </Button>
      <Dialog
        open={seen !== null}
        onClose={close}
        title={`Authority of ${email}`}
        description="It takes effect at the person’s next request. Sessions stay open."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button
              variant="primary"
              type="submit"
              form="authority"
              busy={isBusy}
              disabled={chosen === null || chosen === seen}
            >
              Change authority
            </Button>
          </>
        }
      >
        <form method="post" id="authority" onSubmit={(event) => void save(event)}>
          <ChoiceGroup legend="What this person can do">
            {authorities.map((authority) => (
              <ChoiceCard
                key={authority}
                name="authority"
                value={authority}
                title={authorityWords[authority].label}
                checked={(chosen ?? seen) === authority}
                ref={authority === seen ? takeFocus : undefined}
                onChange={() => setChosen(authority)}
              >
                {authorityWords[authority].may}
              </ChoiceCard>
            ))}
          </ChoiceGroup>
        </form>
      </Dialog>
    </>
  );
}
