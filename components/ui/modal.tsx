"use client";

import { type ComponentProps, type MouseEvent, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";

type ModalProps = Omit<ComponentProps<"dialog">, "open" | "onClose" | "onCancel" | "ref"> & {
  open: boolean;
  /** Escape, or a click outside where that is allowed. The caller then sets `open` to false. */
  onClose: () => void;
  closesOutside?: boolean;
};

/**
 * The native modal dialog under `Dialog`, `AlertDialog` and `Sheet`. The browser holds the focus inside, gives it back
 * afterwards and makes the page behind inert; and it needs no inline style, so the policy may forbid those.
 */
export function Modal({ open, ...props }: ModalProps) {
  // At the body, so that a form inside it is not nested in the form that opened it.
  return open ? createPortal(<OpenModal {...props} />, document.body) : null;
}

function OpenModal({ onClose, closesOutside = false, children, ...props }: Omit<ModalProps, "open">) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);

  useLayoutEffect(() => {
    const element = dialog.current;
    isGone.current = false;
    element?.showModal();
    element?.scrollTo(0, 0); // Where all of it scrolls, what gets the focus may be below the question.
    return () => {
      isGone.current = true;
      element?.close(); // Taken off the page while open, it would not give the focus back.
    };
  }, []);

  function closeFromOutside(event: MouseEvent<HTMLDialogElement>) {
    if (event.target !== dialog.current) return; // Its children cover it: what hits the dialog itself hit the backdrop.
    const box = dialog.current.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) onClose();
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the keyboard's way, and comes as `cancel`
    <dialog
      {...props}
      ref={dialog}
      onClick={closesOutside ? closeFromOutside : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // A browser may close without asking when Escape is pressed twice.
      onClose={() => {
        if (!isGone.current && !dialog.current?.open) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
