"use client";

import { clsx } from "clsx";
import { Check } from "lucide-react";
import * as Primitive from "radix-ui/dropdown-menu";
import type { ComponentProps } from "react";

/** Root, trigger and radio group of a menu; `asChild` on the trigger puts it onto a `Button`. */
export const DropdownMenu = Primitive.Root;
export const DropdownMenuTrigger = Primitive.Trigger;
export const DropdownMenuRadioGroup = Primitive.RadioGroup;

const item =
  "flex min-h-8 cursor-default items-center gap-2.5 rounded px-2.5 py-1 text-base outline-none data-disabled:opacity-55 data-highlighted:bg-hover data-highlighted:text-ink pointer-coarse:min-h-11 forced-colors:data-highlighted:bg-[Highlight] [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

/** The open menu, aligned to its trigger's end. */
export function DropdownMenuContent({ className, ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        align="end"
        sideOffset={6}
        collisionPadding={8}
        className={clsx(
          "z-50 min-w-48 max-w-[calc(100vw-1rem)] animate-appear rounded bg-raised p-1 shadow-float forced-colors:border",
          className,
        )}
        {...props}
      />
    </Primitive.Portal>
  );
}

/** A verb. */
export function DropdownMenuItem({ className, ...props }: ComponentProps<typeof Primitive.Item>) {
  return <Primitive.Item className={clsx(item, className)} {...props} />;
}

/** One of several, with a tick on the chosen one. */
export function DropdownMenuRadioItem({ children, ...props }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={item} {...props}>
      {children}
      <Primitive.ItemIndicator className="ml-auto">
        <Check aria-hidden className="text-accent!" />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  );
}

/** Names what follows; not itself a choice. */
export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={clsx("px-2.5 py-1.5 text-sm text-muted", className)} {...props} />;
}

export function DropdownMenuSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 border-t" />;
}
