import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** The look of a link whose text is itself the data, such as an address in a table. */
export const dataLink = "underline decoration-outline underline-offset-3 hover:decoration-current";

/** A link in running text or on its own. */
export function TextLink({ className, ...props }: ComponentProps<"a">) {
  return (
    <a className={clsx("font-medium text-accent underline-offset-2 hover:underline", className)} {...props} />
  );
}
