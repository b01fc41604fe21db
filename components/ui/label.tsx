import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** The name of a control; always tied to it by `htmlFor`. */
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
