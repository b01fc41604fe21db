import { clsx } from "clsx";
import type { ReactNode } from "react";

const tones = {
  neutral: "bg-hover text-muted",
  accent: "bg-accent-wash text-accent",
  danger: "bg-danger-wash text-danger",
  warning: "bg-warning-wash text-warning",
} as const;

type BadgeProps = { tone: keyof typeof tones; className?: string; children: ReactNode };

/** A short label for a state or a kind. The word carries the meaning; the tone only helps the eye. */
export function Badge({ tone, className, children }: BadgeProps) {
  return (
    <span
      className={clsx(
        "inline-flex items-baseline gap-1 rounded px-1.5 text-xs leading-5 font-medium 2xs:whitespace-nowrap [&_svg]:size-3 [&_svg]:self-center",
        tones[tone],
        "forced-colors:border",
        className,
      )}
    >
      {children}
    </span>
  );
}
