import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";

type ChoiceCardProps = Omit<ComponentProps<"input">, "type" | "title" | "className"> & {
  title: string;
  /** The consequences of this choice, in words and numbers. */
  children: ReactNode;
  tone?: "normal" | "danger";
};

/** One of several options, with room for its consequences: a styled native radio button whose whole card can be clicked. */
export function ChoiceCard({ title, children, tone = "normal", ...props }: ChoiceCardProps) {
  return (
    <label
      className={clsx(
        "flex gap-3 rounded border border-outline p-4 transition-colors hover:bg-hover",
        "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
        tone === "danger"
          ? "has-checked:border-danger has-checked:bg-danger-wash"
          : "has-checked:border-accent has-checked:bg-accent-wash",
      )}
    >
      <input
        type="radio"
        className={clsx(
          "mt-1 size-4 shrink-0 appearance-none rounded-full border border-edge bg-surface outline-none transition-colors",
          "checked:border-[calc(var(--spacing)*1.25)] forced-colors:appearance-auto",
          tone === "danger" ? "checked:border-danger" : "checked:border-accent",
        )}
        {...props}
      />
      <span className="min-w-0">
        <span className="block font-medium text-ink">{title}</span>
        <span className="mt-0.5 block text-sm text-muted">{children}</span>
      </span>
    </label>
  );
}

/** A group of cards under a question. */
export function ChoiceGroup({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 font-medium">{legend}</legend>
      {children}
    </fieldset>
  );
}
