import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type EmptyStateProps = {
  icon: LucideIcon;
  title: string;
  /** What appears in this place. */
  children: ReactNode;
  /** The one next step. */
  action?: ReactNode;
};

/** Stands in for a list that is empty, or in which nothing matches the filter. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center rounded border border-dashed px-6 py-14 text-center">
      <Icon aria-hidden strokeWidth={1.5} className="size-7 text-faint" />
      <h2 className="mt-4 text-lg font-semibold">{title}</h2>
      <div className="mt-1 max-w-md text-balance text-muted">{children}</div>
      {action ? <div className="mt-5">{action}</div> : null}
    </div>
  );
}
