"use client";

import { clsx } from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";
import { Modal } from "./modal";

type DialogFrameProps = Omit<ComponentProps<typeof Modal>, "title" | "children"> & {
  title: string;
  description: ReactNode;
  footer: ReactNode;
  children?: ReactNode;
  /** The close button. */
  corner?: ReactNode;
};

/**
 * The box of `Dialog` and `AlertDialog`: title, description, content and buttons. The content scrolls and the buttons
 * stay visible, unless that left too little room for the content. Content that scrolls can have the focus; its outline
 * is inside, where the box shows it.
 */
export function DialogFrame({
  title,
  description,
  footer,
  children,
  corner,
  className,
  ...modal
}: DialogFrameProps) {
  const id = useId();
  return (
    <Modal
      {...modal}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-description`}
      className={clsx(
        "mx-auto mt-auto mb-4 max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] animate-rise flex-col overflow-hidden short:overflow-y-auto rounded bg-raised text-ink shadow-float open:flex backdrop:animate-appear backdrop:bg-scrim sm:my-auto forced-colors:border",
        className,
      )}
    >
      <div className="min-h-0 flex-1 overflow-y-auto short:flex-none short:overflow-visible focus-visible:-outline-offset-2 p-5 [overflow-wrap:anywhere] sm:p-6">
        <h2 id={`${id}-title`} className="text-lg font-semibold">
          {title}
        </h2>
        <div id={`${id}-description`} className="mt-1 text-muted">
          {description}
        </div>
        {children ? <div className="mt-5">{children}</div> : null}
      </div>
      <div className="flex flex-col-reverse gap-2 border-t px-5 py-4 sm:flex-row sm:justify-end sm:px-6">
        {footer}
      </div>
      {corner}
    </Modal>
  );
}
