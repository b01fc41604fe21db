import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonStyles } from "./button";

function Step({ href, children }: { href: string | null; children: ReactNode }) {
  const look = buttonStyles({ size: "sm" });
  if (!href) {
    return (
      <span aria-disabled className={look}>
        {children}
      </span>
    );
  }
  return (
    <Link href={href} className={look}>
      {children}
    </Link>
  );
}

type PagerProps = {
  /** Names what is paged: "Audit events". */
  label: string;
  newerHref: string | null;
  olderHref: string | null;
  /** Between the steps: "50 events". */
  children?: ReactNode;
};

/** Paging by position, newest first; null where there is no further page. */
export function Pager({ label, newerHref, olderHref, children }: PagerProps) {
  return (
    <nav aria-label={`${label}, pages`} className="mt-4 flex flex-wrap items-center gap-2">
      <p className="mr-auto text-sm text-muted">{children}</p>
      <Step href={newerHref}>
        <ChevronLeft aria-hidden />
        Newer
      </Step>
      <Step href={olderHref}>
        Older
        <ChevronRight aria-hidden />
      </Step>
    </nav>
  );
}
