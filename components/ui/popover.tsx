"use client";

import { type ReactNode, type ToggleEvent, useId, useRef } from "react";
import { Button } from "./button";

type PopoverProps = {
  /** The content of the button. */
  label: ReactNode;
  children: ReactNode;
};

/**
 * A button at the right edge that opens a small panel below itself: the menu of the logged-in person. It uses the native
 * popover: Escape and a click outside close it, and Tab moves from the button into it. It opens even before scripts have
 * loaded.
 */
export function Popover({ label, children }: PopoverProps) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);

  // Positions the panel in page coordinates, so that it scrolls with the page. The style object is allowed by the
  // Content Security Policy.
  function place(event: ToggleEvent<HTMLDivElement>) {
    const box = trigger.current?.getBoundingClientRect();
    if (event.newState !== "open" || !box) return;
    const { style } = event.currentTarget;
    style.top = `${box.bottom + window.scrollY + 6}px`;
    style.right = `${Math.max(document.documentElement.clientWidth - box.right, 8)}px`;
  }

  return (
    <>
      <Button
        variant="ghost"
        ref={trigger}
        popoverTarget={id}
        // In WebKit, Tab goes on from what was clicked: from the button it enters the panel, from its icon it would not.
        className="-mr-2 *:pointer-events-none"
      >
        {label}
      </Button>
      <div
        id={id}
        popover="auto"
        onBeforeToggle={place}
        className="absolute inset-auto top-14 right-4 m-0 w-64 max-w-[calc(100vw-1rem)] animate-appear rounded bg-raised p-1 text-ink shadow-float forced-colors:border"
      >
        {children}
      </div>
    </>
  );
}

/** The look of an item in a popover: a button or a link. */
export const popoverItem =
  "flex min-h-9 w-full items-center gap-2.5 rounded px-2.5 text-left hover:bg-hover focus-visible:outline-offset-[-2px] pointer-coarse:min-h-11";
