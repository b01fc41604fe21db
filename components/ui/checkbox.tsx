import { Check } from "lucide-react";
import type { ComponentProps } from "react";

/** A styled native checkbox, without its label. */
export function Checkbox(props: Omit<ComponentProps<"input">, "type" | "className">) {
  return (
    <span className="relative inline-grid size-5 shrink-0 place-items-center">
      <input
        type="checkbox"
        className="peer size-5 appearance-none rounded border border-edge bg-surface transition-colors checked:border-accent checked:bg-accent hover:border-muted disabled:cursor-not-allowed disabled:opacity-55 forced-colors:appearance-auto"
        {...props}
      />
      <Check
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute size-3.5 text-on-accent opacity-0 peer-checked:opacity-100 forced-colors:hidden"
      />
    </span>
  );
}
