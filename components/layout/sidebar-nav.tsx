"use client";

import { clsx } from "clsx";
import { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { PageLink } from "@/components/ui/page-link";
import { type Audience, locate, navigationFor } from "./navigation";

/** The pages by group, with the current one marked. `onStay` runs when the current page is chosen again. */
export function SidebarNav({ audience, onStay }: { audience: Audience; onStay?: () => void }) {
  const path = usePathname();
  const here = locate(path, audience)?.item.href;
  return (
    <nav aria-label="Console" className="grid gap-6 px-3 py-4">
      {navigationFor(audience).map(({ title, items }) => (
        <div key={title}>
          <h2 className="px-2.5 pb-1.5 text-xs font-medium text-faint">{title}</h2>
          <ul className="grid gap-0.5">
            {items.map(({ href, label, icon }) => {
              const isHere = href === here;
              return (
                <li key={href}>
                  <PageLink
                    href={href}
                    onClick={() => {
                      if (href === path) onStay?.();
                    }}
                    aria-current={isHere ? "page" : undefined}
                    className={clsx(
                      "flex min-h-9 items-center gap-2.5 rounded px-2.5 transition-colors pointer-coarse:min-h-11",
                      isHere
                        ? "bg-surface font-medium text-accent ring ring-line forced-colors:underline"
                        : "text-muted hover:bg-hover hover:text-ink",
                    )}
                  >
                    <span className={`icon ${icon} size-4`} />
                    {label}
                    <Pending />
                  </PageLink>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

/** A loading sign on the followed link, shown only if the page takes noticeably long to load. */
function Pending() {
  if (!useLinkStatus().pending) return null;
  return (
    <span className="ml-auto size-1.5 rounded-full bg-accent transition-opacity forced-colors:bg-[CanvasText] delay-150 duration-150 starting:opacity-0">
      <span className="sr-only">(loading)</span>
    </span>
  );
}
