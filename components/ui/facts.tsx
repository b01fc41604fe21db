import { clsx } from "clsx";
import type { ReactNode } from "react";

/** Names and values that describe one thing, such as a key's fingerprint, size and age. */
export function Facts({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <dl
      className={clsx(
        "grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm max-2xs:grid-cols-1",
        className,
      )}
    >
      {children}
    </dl>
  );
}

/** One of them: a name and its value. */
export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{term}</dt>
      <dd className="min-w-0 text-ink [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
