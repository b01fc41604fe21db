import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** A multi-line text input. Add the class `figures` for keys and codes. */
export function Textarea({ className, rows = 3, ...props }: ComponentProps<"textarea">) {
  return <textarea rows={rows} className={clsx("control resize-y px-3 py-2", className)} {...props} />;
}
