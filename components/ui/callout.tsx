import { clsx } from "clsx";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const tones = {
  info: { icon: Info, look: "bg-canvas [&>svg]:text-muted" },
  done: { icon: CircleCheck, look: "border-transparent bg-accent-wash [&>svg]:text-accent" },
  warning: { icon: TriangleAlert, look: "border-transparent bg-warning-wash [&>svg]:text-warning" },
  danger: { icon: CircleAlert, look: "border-transparent bg-danger-wash [&>svg]:text-danger" },
} as const;

type CalloutProps = {
  tone?: keyof typeof tones;
  title?: string;
  /**
   * The answer to the next try is awaited: hides the notice and keeps its place. Screen readers then hear the same
   * answer a second time.
   */
  isWaiting?: boolean;
  className?: string;
  children?: ReactNode;
};

/**
 * A notice in the flow of the page. Not a live region by itself: put it into an `aria-live` element if it appears
 * later.
 */
export function Callout({ tone = "info", title, isWaiting, className, children }: CalloutProps) {
  const { icon: Icon, look } = tones[tone];
  return (
    <div
      className={clsx(
        "flex gap-3 rounded border px-4 py-3",
        look,
        isWaiting && "invisible",
        "forced-colors:border-[CanvasText]",
        className,
      )}
    >
      <Icon aria-hidden className="mt-[3px] size-4 shrink-0" />
      <div className="min-w-0">
        {title ? <p className="font-medium text-ink">{title}</p> : null}
        {children ? <div className={title ? "mt-0.5 text-sm text-muted" : "text-ink"}>{children}</div> : null}
      </div>
    </div>
  );
}
