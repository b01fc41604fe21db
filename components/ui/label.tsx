import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** The label of a control, always connected to it by `htmlFor`. */
export function Label({
  className,
  htmlFor,
  children,
  ...props
}: ComponentProps<"label"> & { htmlFor: string }) {
  return (
    <label htmlFor={htmlFor} className={clsx("font-medium text-ink", className)} {...props}>
      {children}
    </label>
  );
}
