"use client";

import { usePathname } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { Wordmark } from "./mark";
import type { Audience } from "./navigation";
import { SidebarNav } from "./sidebar-nav";

/**
 * The sidebar on a phone. It stays open until the chosen page has loaded, so that the link can show its loading state.
 */
export function MobileNav({ audience }: { audience: Audience }) {
  const page = usePathname();
  const [openedOn, setOpenedOn] = useState<string | null>(null);
  if (openedOn !== null && openedOn !== page) setOpenedOn(null);
  const close = () => setOpenedOn(null);
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Open navigation"
        aria-haspopup="dialog"
        onClick={() => setOpenedOn(page)}
        className="-ml-2"
      >
        <span className="icon icon-menu size-4" />
      </Button>
      <Sheet open={openedOn === page} onClose={close} label="Navigation">
        <div className="flex h-14 items-center px-5">
          <Wordmark />
        </div>
        <SidebarNav audience={audience} onStay={close} />
      </Sheet>
    </>
  );
}
