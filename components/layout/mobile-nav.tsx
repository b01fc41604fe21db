"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { Wordmark } from "./mark";
import type { Audience } from "./navigation";
import { SidebarNav } from "./sidebar-nav";

/** The sidebar on a phone. */
export function MobileNav({ audience }: { audience: Audience }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Open navigation"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="-ml-2"
      >
        <span className="icon icon-menu size-4" />
      </Button>
      <Sheet open={isOpen} onClose={close} label="Navigation">
        <div className="flex h-14 items-center px-5">
          <Wordmark />
        </div>
        <SidebarNav audience={audience} onNavigate={close} />
      </Sheet>
    </>
  );
}
