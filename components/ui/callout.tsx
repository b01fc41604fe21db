import { cva } from "class-variance-authority";
import { clsx } from "clsx";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const icons = { info: Info, done: CircleCheck, warning: TriangleAlert, danger: CircleAlert } as const;

const calloutStyles = cva("flex gap-3 rounded border px-4 py-3", {
  variants: {
    tone: {
      info: "bg-canvas [&>svg]:text-muted",
      done: "border-transparent bg-accent-wash [&>svg]:text-accent",
      warning: "border-transparent bg-warning-wash [&>svg]:text-warning",
      danger: "border-transparent bg-danger-wash [&>svg]:text-danger",
    },
  },
});

type CalloutProps = {
  tone?: keyof typeof icons;
  title?: string;
  className?: string;
  children?: ReactNode;
};

/**
 * A notice in the flow of the page. Not a live region by itself: put it into an `aria-live` element if it appears
 * later.
 */
export function Callout({ tone = "info", title, className, children }: CalloutProps) {
  const Icon = icons[tone];
  return (
    <div className={clsx(calloutStyles({ tone }), "forced-colors:border-[CanvasText]", className)}>
      <Icon aria-hidden className="mt-[3px] size-4 shrink-0" />
      <div className="min-w-0">
        {title ? <p className="font-medium text-ink">{title}</p> : null}
        {children ? (
          <div className={clsx(title ? "mt-0.5 text-sm text-muted" : "text-ink")}>{children}</div>
        ) : null}
      </div>
    </div>
  );
}
