"use client";

import { clsx } from "clsx";
import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button } from "./button";
import { DialogFrame, dialogBox } from "./dialog-frame";
import { Modal } from "./modal";

type DialogProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** One or two sentences under the title, read out when the dialog opens. */
  description: ReactNode;
  /** The buttons, the safe one first. If the content is a form, give the submit button `form="…"`. */
  footer: ReactNode;
  /** "wide" for a side-by-side comparison. */
  width?: "normal" | "wide";
  children: ReactNode;
};

/**
 * A question or a small task in a modal dialog. Escape, the close button and a click outside dismiss it. Its content is
 * mounted anew each time.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  footer,
  width = "normal",
  children,
}: DialogProps) {
  const id = useId();
  return (
    <Modal
      open={open}
      onClose={onClose}
      closesOutside
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-description`}
      // The title leaves room for the close button.
      className={clsx(dialogBox, "[&_h2]:pr-10", width === "wide" ? "max-w-3xl" : "max-w-lg")}
    >
      <DialogFrame id={id} title={title} description={description} footer={footer}>
        {children}
      </DialogFrame>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Close"
        onClick={onClose}
        className="absolute top-3 right-3"
      >
        <X aria-hidden />
      </Button>
    </Modal>
  );
}
