import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";

/** A table that scrolls sideways inside its own frame when the screen is narrower; reachable by keyboard for that. */
export function Table({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a pointer
    <section tabIndex={0} aria-label={label} className="relative overflow-x-auto rounded border bg-surface">
      <table className={clsx("w-full border-collapse text-left", className)}>{children}</table>
    </section>
  );
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead className="bg-canvas text-sm text-muted">
      <tr>{children}</tr>
    </thead>
  );
}

export function TableHeader({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={clsx("border-b px-4 py-2 font-medium whitespace-nowrap", className)}
      {...props}
    />
  );
}

export function TableBody({ children }: { children: ReactNode }) {
  return <tbody className="divide-y divide-line">{children}</tbody>;
}

/** `id` makes the row an anchor; `target:` marks it when one arrives there. */
export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={clsx("target:bg-accent-wash hover:bg-hover", className)} {...props} />;
}

export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={clsx("px-4 py-2.5 align-top", className)} {...props} />;
}
