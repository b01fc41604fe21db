"use client";

import { type ComponentProps, type MouseEvent, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";

type ModalProps = Omit<ComponentProps<"dialog">, "open" | "onClose" | "onCancel" | "ref"> & {
  open: boolean;
  /** Called on Escape, and on a click outside if `closesOutside` is set. The caller then sets `open` to false. */
  onClose: () => void;
  closesOutside?: boolean;
};

/**
 * The native modal dialog behind `Dialog`, `AlertDialog` and `Sheet`. The browser traps the focus, restores it
 * afterwards and makes the page behind inert. No inline style is needed, so the Content Security Policy can forbid
 * inline styles.
 */
export function Modal({ open, ...props }: ModalProps) {
  // Rendered into the body, so that a form inside it is not nested in the form that opened it.
  return open ? createPortal(<OpenModal {...props} />, document.body) : null;
}

function OpenModal({ onClose, closesOutside = false, children, ...props }: Omit<ModalProps, "open">) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  /** Whoever selects text in the dialog may press inside and let go outside, which is a click on the dialog too. */
  const isPressedOutside = useRef(false);

  useLayoutEffect(() => {
    const element = dialog.current;
    isGone.current = false;
    element?.showModal();
    // Where the dialog or its content scrolls, the focused control may be below the question.
    if (element) for (const part of [element, ...element.children]) part.scrollTo(0, 0);
    return () => {
      isGone.current = true;
      element?.close(); // An open dialog that is removed from the page would not restore the focus.
    };
  }, []);

  function isOutside(event: MouseEvent<HTMLDialogElement>): boolean {
    if (event.target !== dialog.current) return false; // Inside, the target is a child; on the backdrop, the dialog.
    const box = dialog.current.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    return x < box.left || x > box.right || y < box.top || y > box.bottom;
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the keyboard's way, and comes as `cancel`
    <dialog
      {...props}
      ref={dialog}
      onMouseDown={(event) => {
        isPressedOutside.current = isOutside(event);
      }}
      onClick={(event) => {
        if (closesOutside && isPressedOutside.current && isOutside(event)) onClose();
      }}
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
