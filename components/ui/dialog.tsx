"use client";

import { clsx } from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { DialogFrame } from "./dialog-frame";

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
export function Dialog({ width = "normal", ...dialog }: DialogProps) {
  return (
    <DialogFrame
      {...dialog}
      closesOutside
      // The title leaves room for the close button.
      className={clsx("[&_h2]:pr-10", width === "wide" ? "max-w-3xl" : "max-w-lg")}
      corner={
        <Button
          variant="ghost"
          size="icon"
          aria-label="Close"
          onClick={dialog.onClose}
          className="absolute top-3 right-3"
        >
          <X aria-hidden />
        </Button>
      }
    />
  );
}
