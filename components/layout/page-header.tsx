import type { ReactNode } from "react";
import { Skeleton } from "@/components/ui/skeleton";

type PageHeaderProps = {
  title: string;
  /** One sentence about what the page controls. */
  description: ReactNode;
  actions?: ReactNode;
};

/** The header of every console page. */
export function PageHeader({ title, description, actions }: PageHeaderProps) {
  return (
    <header className="mb-8 flex flex-wrap items-start justify-between gap-4">
      {/* The text wraps before the actions move below it. */}
      <div className="min-w-0 flex-[1_1_20rem]">
        <h1 className="text-xl font-semibold [overflow-wrap:anywhere]">{title}</h1>
        <p className="mt-1 max-w-2xl text-muted">{description}</p>
      </div>
      {actions ? <div className="flex flex-wrap gap-2 print:hidden">{actions}</div> : null}
    </header>
  );
}

/** The same header while the page loads. */
export function PageHeaderSkeleton() {
  return (
    <div className="mb-8">
      <Skeleton className="mt-1 h-5 w-44" />
      <Skeleton className="mt-3 h-4 w-96 max-w-full" />
    </div>
  );
}
