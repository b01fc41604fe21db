"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { Modal } from "./modal";

type SheetProps = {
  open: boolean;
  onClose: () => void;
  /** The accessible name; the sheet shows no heading of its own. */
  label: string;
  children: ReactNode;
};

/** A modal sheet from the left edge, for content that does not fit on a phone. */
export function Sheet({ open, onClose, label, children }: SheetProps) {
  return (
    <Modal
      open={open}
      onClose={onClose}
      closesOutside
      aria-label={label}
      className="h-dvh max-h-dvh w-72 max-w-[85vw] animate-slide-in overflow-y-auto bg-raised text-ink shadow-float backdrop:animate-appear backdrop:bg-scrim forced-colors:border-r"
    >
      {children}
      <Button
        variant="ghost"
        size="icon"
        aria-label="Close"
        onClick={onClose}
        className="absolute top-2.5 right-3 pointer-coarse:top-1.5"
      >
        <X aria-hidden />
      </Button>
    </Modal>
  );
}
