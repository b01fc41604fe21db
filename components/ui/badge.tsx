import { cva, type VariantProps } from "class-variance-authority";
import { clsx } from "clsx";
import type { ComponentProps } from "react";

const badgeStyles = cva(
  "inline-flex items-center gap-1 rounded px-1.5 text-xs leading-5 font-medium 2xs:whitespace-nowrap [&_svg]:size-3",
  {
    variants: {
      tone: {
        neutral: "bg-hover text-muted",
        accent: "bg-accent-wash text-accent",
        danger: "bg-danger-wash text-danger",
        warning: "bg-warning-wash text-warning",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

/** A short label for a state or a kind. The word carries the meaning; the tone only helps the eye. */
export function Badge({
  tone,
  className,
  ...props
}: ComponentProps<"span"> & VariantProps<typeof badgeStyles>) {
  return <span className={clsx(badgeStyles({ tone }), "forced-colors:border", className)} {...props} />;
}
