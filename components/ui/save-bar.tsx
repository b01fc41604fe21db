"use client";

import { clsx } from "clsx";
import type { ReactNode } from "react";
import { counted } from "@/lib/core/count/rules";
import { Button } from "./button";

type SaveBarProps = {
  /** How many fields differ from what was loaded; 0 hides the bar. */
  changes: number;
  onUndo: () => void;
  saving: boolean;
  /**
   * Replaces "2 unsaved changes", where no field was edited but there is something to save: "Save writes the defaults
   * shown".
   */
  status: string | undefined;
  /** Why the last save failed, shown above the buttons; null while there is nothing to save. */
  notice: ReactNode;
};

/**
 * The bar at the bottom of a card with unsaved changes: their number, Undo and Save. Save submits the form that
 * contains the bar. The bar sticks to the bottom of the window while the card is longer than the window.
 */
export function SaveBar({ changes, onUndo, saving, status, notice }: SaveBarProps) {
  const isOpen = changes > 0;
  return (
    <div
      className={clsx(
        "sticky bottom-0 z-10 grid transition-[grid-template-rows] duration-200 ease-out",
        isOpen ? "grid-rows-[1fr]" : "grid-rows-[0fr] print:hidden",
      )}
    >
      <div className="save-bar">
        {notice ? <div className="border-t bg-raised px-5 py-3 sm:px-6">{notice}</div> : null}
        <div className="flex flex-wrap items-center justify-end gap-2 rounded-b border-t bg-raised px-5 py-3 sm:px-6">
          {/* Never inert: screen readers announce only what changes in a region that they know. */}
          <p aria-live="polite" className="mr-auto text-sm text-muted">
            {isOpen ? (status ?? (saving ? "Saving…" : counted(changes, "unsaved change"))) : ""}
          </p>
          <div inert={!isOpen} className="flex gap-2">
            <Button variant="ghost" onClick={onUndo} disabled={saving}>
              Undo
            </Button>
            <Button variant="primary" type="submit" busy={saving}>
              Save
            </Button>
          </div>
        </div>
      </div>
    </div>
  );
}
