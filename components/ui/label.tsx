import { clsx } from "clsx";
import type { ReactNode } from "react";

type LabelProps = { htmlFor: string; className?: string; children: ReactNode };

/** The label of a control, always connected to it by `htmlFor`. */
export function Label({ htmlFor, className, children }: LabelProps) {
  return (
    <label htmlFor={htmlFor} className={clsx("font-medium text-ink", className)}>
      {children}
    </label>
  );
}
