"use client";

import type { ReactNode } from "react";
import { DialogFrame } from "./dialog-frame";

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
export function AlertDialog({ onCancel, ...dialog }: AlertDialogProps) {
  return <DialogFrame {...dialog} onClose={onCancel} role="alertdialog" className="max-w-lg" />;
}
