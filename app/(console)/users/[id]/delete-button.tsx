"use client";

import { useRouter } from "next/navigation";
import { type SubmitEvent, useState } from "react";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button, type ButtonProps } from "@/components/ui/button";
import { ConfirmationField } from "@/components/ui/confirmation-field";
import { controlId } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { emailKey } from "@/lib/accounts/rules";
import { remove } from "../actions";
import { useAccountChange } from "../use-account-change";

type DeleteButtonProps = Pick<ButtonProps, "disabled" | "aria-describedby"> & {
  userId: string;
  email: string;
};

const field = "delete-email";

/** Deletes an account after its address has been typed. */
export function DeleteButton({ userId, email, ...props }: DeleteButtonProps) {
  const router = useRouter();
  const { isBusy, run } = useAccountChange();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  /** Another address was typed, or none. */
  const [isRefused, setRefused] = useState(false);
  const isRight = emailKey(typed.trim()) === emailKey(email);

  function close() {
    setOpen(false);
    setTyped("");
    setRefused(false);
  }

  async function confirm(event: SubmitEvent) {
    event.preventDefault();
    if (isBusy) return;
    if (!isRight) {
      setRefused(true);
      document.getElementById(controlId(field))?.focus();
      return;
    }
    const answer = await run(() => remove({ userId, email: typed }));
    // Even before the next page is there: the notice would be behind the dialog.
    close();
    if (!answer) return;
    toast(`Deleted. ${answer.email} no longer has an account.`);
    // Whoever has left meanwhile stays there, perhaps with a form half filled in.
    if (location.pathname === `/users/${userId}`) router.push("/users");
  }

  return (
    <>
      <Button size="sm" variant="danger" busy={isBusy} onClick={() => setOpen(true)} {...props}>
        Delete
      </Button>
      <AlertDialog
        open={isOpen}
        onCancel={close}
        title={`Delete ${email} permanently?`}
        description="The account, its password, sessions and links are deleted at once and cannot be restored. Its audit entries are kept."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="danger" type="submit" form="delete-account" busy={isBusy}>
              Delete account
            </Button>
          </>
        }
      >
        <form method="post" id="delete-account" noValidate onSubmit={(event) => void confirm(event)}>
          <ConfirmationField
            id={field}
            wanted={email}
            type="email"
            error={isRefused && !isRight ? `Type ${email} to delete this account.` : null}
            value={typed}
            onChange={setTyped}
          />
        </form>
      </AlertDialog>
    </>
  );
}
