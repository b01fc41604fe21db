import { clsx } from "clsx";
import type { ComponentProps } from "react";

const variants = {
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-hover",
  secondary: "border-outline bg-surface text-ink hover:bg-hover",
  ghost: "border-transparent text-muted hover:bg-hover hover:text-ink",
  danger: "border-transparent bg-danger text-on-danger hover:bg-danger-hover",
} as const;

const sizes = {
  sm: "min-h-8 px-2.5 text-sm pointer-coarse:min-h-11",
  md: "min-h-9 px-3.5 text-base pointer-coarse:min-h-11",
  icon: "size-9 pointer-coarse:size-11",
} as const;

type ButtonLook = {
  variant?: keyof typeof variants | undefined;
  size?: keyof typeof sizes | undefined;
  className?: string | undefined;
};

/** The look of a button, also for a link in a button's place: `<PageLink className={buttonStyles()}>`. */
export const buttonStyles = ({ variant = "secondary", size = "md", className }: ButtonLook = {}) =>
  clsx(
    "inline-flex select-none items-center justify-center gap-2 rounded border font-medium no-underline 2xs:shrink-0 2xs:whitespace-nowrap",
    "transition-colors active:opacity-85 disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55",
    "[&_svg]:size-4 [&_svg]:shrink-0",
    variants[variant],
    sizes[size],
    className,
  );

export type ButtonProps = ComponentProps<"button"> &
  ButtonLook & {
    /** Work is in progress: the button keeps its place and the focus, but ignores further clicks. */
    busy?: boolean;
  };

/** A button; `type="button"` unless said otherwise. `size="icon"` needs an `aria-label`. */
export function Button({ variant, size, busy, className, type = "button", onClick, ...props }: ButtonProps) {
  return (
    <button
      type={type}
      className={buttonStyles({ variant, size, className })}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      // Not `disabled` while busy: that would drop the keyboard's focus to the top of the page.
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...props}
    />
  );
}
