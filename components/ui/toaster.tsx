"use client";

import { Toaster as Sonner } from "sonner";

/** Where `toast("Saved. In effect now.")` of sonner appears, said politely. Mounted once, in the console's layout. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      containerAriaLabel="Notices"
      visibleToasts={3}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-3 rounded bg-raised px-4 py-3 text-base font-sans text-ink shadow-float forced-colors:border [&_svg]:size-4",
          title: "font-medium",
          description: "text-sm text-muted",
          icon: "text-accent shrink-0",
          error: "[&_[data-icon]]:text-danger",
          actionButton: "ml-auto rounded px-2 py-1 text-sm font-medium text-accent hover:bg-hover",
        },
      }}
    />
  );
}
