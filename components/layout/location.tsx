"use client";

import { usePathname } from "next/navigation";
import { type Audience, locate } from "./navigation";

/** The current place, in the top bar: group, then page. */
export function Location({ audience }: { audience: Audience }) {
  const place = locate(usePathname(), audience);
  if (!place) return null;
  return (
    <p className="py-2 text-sm break-words text-faint">
      {`${place.group} `}
      <span aria-hidden>/</span> <span className="text-muted">{place.item.label}</span>
    </p>
  );
}
