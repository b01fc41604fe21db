"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { TextLink } from "@/components/ui/text-link";
import { useKeptFocus } from "./kept-focus";
import { Location } from "./location";
import { Wordmark } from "./mark";
import { MobileNav } from "./mobile-nav";
import type { Audience } from "./navigation";
import { OtherPerson } from "./other-person";
import { PersonMenu } from "./person-menu";
import { SidebarNav } from "./sidebar-nav";
import { SkipLink } from "./skip-link";
import { ThemeToggle } from "./theme-toggle";

type ConsoleShellProps = {
  audience: Audience;
  person: { id: string; name: string; email: string };
  logOutAction: () => Promise<void>;
  children: ReactNode;
};

/**
 * The console's frame: sidebar, top bar and page. It makes no access decisions. Half of it is interactive; as a single
 * client component it takes only one line of every RSC payload.
 */
export function ConsoleShell({ audience, person, logOutAction, children }: ConsoleShellProps) {
  const page = useRef<HTMLElement>(null);
  useKeptFocus(page);
  // For the script that looks out for a page that did not arrive whole (cut-page-script.ts).
  useEffect(() => {
    document.documentElement.dataset.frame = "at-work";
  }, []);
  return (
    <div className="min-h-dvh lg:not-print:flex">
      <SkipLink />
      <div className="hidden w-60 shrink-0 border-r bg-sunken lg:not-print:block">
        <div className="sticky top-0 max-h-dvh overflow-y-auto">
          <div className="flex h-14 items-center px-5">
            <Wordmark />
          </div>
          <SidebarNav audience={audience} />
        </div>
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex min-h-14 shrink-0 items-center gap-3 px-4 sm:px-6 lg:px-10 print:hidden">
          <div className="lg:hidden">
            <MobileNav audience={audience} />
          </div>
          <div className="min-w-0 flex-1">
            <Location audience={audience} />
          </div>
          <div className="max-sm:hidden">
            <ThemeToggle />
          </div>
          <PersonMenu person={person} logOutAction={logOutAction} />
        </header>
        <main ref={page} id="main" tabIndex={-1} className="flex-1 px-4 pt-4 pb-24 sm:px-6 lg:px-10 lg:pt-6">
          <p className="mb-6 hidden max-w-3xl rounded bg-warning-wash px-4 py-3 in-data-scripts:block">
            {"Part of this page could not be loaded. It may not save what you enter. "}
            <TextLink href="">Reload the page</TextLink>
          </p>
          {children}
        </main>
      </div>
      <OtherPerson person={person} />
    </div>
  );
}
