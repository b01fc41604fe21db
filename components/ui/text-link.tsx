import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** A link in running text or on its own. */
export function TextLink({ className, ...props }: ComponentProps<"a">) {
  return (
    <a className={clsx("font-medium text-accent underline-offset-2 hover:underline", className)} {...props} />
  );
}
