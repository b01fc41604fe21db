import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";

/** An old value and the new value that replaces it. */
export function Change({ from, to }: { from: ReactNode; to: ReactNode }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <span className="sr-only">from </span>
      <del className="text-muted no-underline">{from}</del>
      <ArrowRight aria-hidden className="size-3 shrink-0 text-faint" />
      <span className="sr-only"> to </span>
      <ins className="font-medium text-ink no-underline">{to}</ins>
    </span>
  );
}
