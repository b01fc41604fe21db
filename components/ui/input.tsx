import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** A single-line text input. Inside a `<Field>`, spread the field's control props over it. */
export function Input({ className, "aria-invalid": isInvalid, ...props }: ComponentProps<"input">) {
  return (
    <input
      className={clsx("control px-3 py-1.5", className)}
      // Else Firefox calls a required field invalid before anything was entered.
      aria-invalid={isInvalid ?? (props.required ? false : undefined)}
      {...props}
    />
  );
}
