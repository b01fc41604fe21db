import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** An on/off switch for a setting. A native checkbox underneath, so that it works with any form. */
export function Switch(props: Omit<ComponentProps<"input">, "type" | "role" | "className">) {
  return (
    <input
      type="checkbox"
      // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox carries its own checked state
      role="switch"
      className={clsx(
        "relative my-1.5 h-6 w-10 shrink-0 appearance-none rounded-full border border-edge bg-sunken align-middle transition-colors",
        "before:absolute before:top-[calc(50%-var(--spacing)*2)] before:left-[calc(50%-var(--spacing)*4)] before:size-4 before:rounded-full before:bg-edge before:transition-[translate,background-color] before:duration-150",
        "hover:border-muted checked:border-accent checked:bg-accent checked:before:translate-x-4 checked:before:bg-on-accent",
        "forced-colors:appearance-auto forced-colors:before:hidden",
      )}
      {...props}
    />
  );
}
