import type { ComponentProps } from "react";

/** The native select, so that phones show their own picker; only its closed state is styled. */
export function Select({ children, ...props }: Omit<ComponentProps<"select">, "className">) {
  return (
    <span className="relative block">
      <select className="control appearance-none py-1.5 pr-9 pl-3" {...props}>
        {children}
      </select>
      <span className="icon icon-chevron pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted" />
    </span>
  );
}
