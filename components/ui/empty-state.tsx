import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { buttonStyles } from "./button";

type EmptyStateProps = {
  icon: LucideIcon;
  title: string;
  /** What appears in this place. */
  children: ReactNode;
  /** The one next step, a link. */
  action?: { href: string; label: string; variant?: "primary" };
};

/** Stands in for a list that is empty, or in which nothing matches the filter. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center rounded border border-dashed px-6 py-14 text-center">
      <Icon aria-hidden strokeWidth={1.5} className="size-7 text-faint" />
      <h2 className="mt-4 text-lg font-semibold">{title}</h2>
      <div className="mt-1 max-w-md text-balance text-muted">{children}</div>
      {action ? (
        <div className="mt-5">
          <a href={action.href} className={buttonStyles({ variant: action.variant })}>
            {action.label}
          </a>
        </div>
      ) : null}
    </div>
  );
}

type NoOlderProps = {
  icon: LucideIcon;
  /** The items of the list: "events". */
  items: string;
  /** The URL of the list's first page. */
  newest: string;
  children: ReactNode;
};

/** Stands in for a page after the last one of a list, newest first. */
export function NoOlder({ icon, items, newest, children }: NoOlderProps) {
  return (
    <EmptyState
      icon={icon}
      title={`No older ${items}`}
      action={{ href: newest, label: "Back to the newest" }}
    >
      {children}
    </EmptyState>
  );
}
