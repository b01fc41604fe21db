"use client";

import { clsx } from "clsx";
import { type ReactNode, useId } from "react";
import { DialogFrame, dialogBox } from "./dialog-frame";
import { Modal } from "./modal";

type AlertDialogProps = {
  open: boolean;
  /** The safe answer: Escape, and what the first button should call. */
  onCancel: () => void;
  title: string;
  /** What will happen and who is hit, in words and numbers. */
  description: ReactNode;
  /** The safe button first: it is where the focus starts. */
  footer: ReactNode;
  children?: ReactNode;
};

/** A decision that must be taken: a click outside does not answer it. */
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
