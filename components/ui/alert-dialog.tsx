"use client";

import { clsx } from "clsx";
import * as Primitive from "radix-ui/alert-dialog";
import type { ReactNode } from "react";
import { dialogBody, dialogFooter, dialogOverlay, dialogPanel } from "./dialog-styles";

/** Root, trigger and the two ways out; `asChild` on the latter three puts them onto a `Button`. */
export const AlertDialog = Primitive.Root;
export const AlertDialogTrigger = Primitive.Trigger;
export const AlertDialogCancel = Primitive.Cancel;
export const AlertDialogAction = Primitive.Action;

type AlertDialogContentProps = {
  title: string;
  /** What will happen and who is hit, in words and numbers. */
  description: ReactNode;
  /** `AlertDialogCancel`, then `AlertDialogAction`. */
  footer: ReactNode;
  children?: ReactNode;
};

/** A decision that must be taken: a click outside does not answer it, and the focus starts on the safe button. */
export function AlertDialogContent({ title, description, footer, children }: AlertDialogContentProps) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={dialogOverlay} />
      <Primitive.Content className={clsx(dialogPanel, "max-w-lg")}>
        <div className={dialogBody}>
          <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
          <Primitive.Description className="mt-1 text-muted">{description}</Primitive.Description>
          {children ? <div className="mt-5">{children}</div> : null}
        </div>
        <div className={dialogFooter}>{footer}</div>
      </Primitive.Content>
    </Primitive.Portal>
  );
}
