"use client";

import { usePathname } from "next/navigation";
import { isWithin, navigation } from "./navigation";

/** Where one is, in the top bar: group, then page. */
export function Location() {
  const pathname = usePathname();
  for (const { title, items } of navigation) {
    const item = items.find(({ href }) => isWithin(pathname, href));
    if (!item) continue;
    return (
      <p className="truncate text-sm text-faint">
        {title} <span aria-hidden>/</span> <span className="text-muted">{item.label}</span>
      </p>
    );
  }
  return null;
}
