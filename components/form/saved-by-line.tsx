import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Time } from "@/components/ui/time";
import { savedByText } from "./saved-by";

type SavedByLineProps = {
  panel: { version: number; savedAt: Date | null; savedByEmail: string };
  className?: string;
  children?: ReactNode;
};

/** Says when a panel was saved, and by whom; nothing if it never was. */
export function SavedByLine({ panel, className, children }: SavedByLineProps) {
  if (!panel.savedAt) return null;
  return (
    <p className={clsx("text-sm text-faint", className)}>
      Saved <Time iso={panel.savedAt.toISOString()} /> <span>{savedByText(panel)}</span>
      {children}
    </p>
  );
}
