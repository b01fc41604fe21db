"use client";

import { clsx } from "clsx";
import { X } from "lucide-react";
import * as Primitive from "radix-ui/dialog";
import type { ReactNode } from "react";
import { Button } from "./button";
import { dialogBody, dialogFooter, dialogOverlay, dialogPanel } from "./dialog-styles";

/** Root, trigger and close of a dialog; `asChild` on the latter two puts them onto a `Button`. */
export const Dialog = Primitive.Root;
export const DialogTrigger = Primitive.Trigger;
export const DialogClose = Primitive.Close;

type DialogContentProps = {
  title: string;
  /** One or two sentences under the title, read out when the dialog opens. */
  description?: ReactNode;
  /** The buttons, the safe one first. */
  footer?: ReactNode;
  /** "wide" for what is compared side by side. */
  width?: "normal" | "wide";
  children?: ReactNode;
};

/** A question or a small task over the page; Escape and a click outside leave it. */
export function DialogContent({
  title,
  description,
  footer,
  width = "normal",
  children,
}: DialogContentProps) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={dialogOverlay} />
      <Primitive.Content
        className={clsx(dialogPanel, width === "wide" ? "max-w-3xl" : "max-w-lg")}
        {...(description ? {} : { "aria-describedby": undefined })}
      >
        <div className={dialogBody}>
          <Primitive.Title className="pr-10 text-lg font-semibold">{title}</Primitive.Title>
          {description ? (
            <Primitive.Description className="mt-1 text-muted">{description}</Primitive.Description>
          ) : null}
          {children ? <div className="mt-5">{children}</div> : null}
        </div>
        {footer ? <div className={dialogFooter}>{footer}</div> : null}
        <Primitive.Close asChild>
          <Button variant="ghost" size="icon" aria-label="Close" className="absolute top-3 right-3">
            <X aria-hidden />
          </Button>
        </Primitive.Close>
      </Primitive.Content>
    </Primitive.Portal>
  );
}
