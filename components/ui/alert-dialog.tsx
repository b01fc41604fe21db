"use client";

import { clsx } from "clsx";
import { type ReactNode, useId } from "react";
import { DialogFrame, dialogBox } from "./dialog-frame";
import { Modal } from "./modal";

type AlertDialogProps = {
  open: boolean;
  /** The safe answer, called on Escape. The first button should call it too. */
  onCancel: () => void;
  title: string;
  /** What will happen and who is affected, in words and numbers. */
  description: ReactNode;
  /** The safe button first: it gets the initial focus. */
  footer: ReactNode;
  children?: ReactNode;
};

/** A dialog that needs an answer: a click outside does not dismiss it. */
export function AlertDialog({ open, onCancel, title, description, footer, children }: AlertDialogProps) {
  const id = useId();
  return (
    <Modal
      open={open}
      onClose={onCancel}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-description`}
      className={clsx(dialogBox, "max-w-lg")}
    >
      <DialogFrame id={id} title={title} description={description} footer={footer}>
        {children}
      </DialogFrame>
    </Modal>
  );
}
