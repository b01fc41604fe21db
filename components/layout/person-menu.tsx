"use client";

import { ChevronDown, LogOut } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { type Theme, themes, useTheme } from "./theme";
import { themeLabels } from "./theme-toggle";

type PersonMenuProps = { person: { name: string; email: string }; logOutAction: () => Promise<void> };

/** The first letters of the first and the last name; of the address, where there is no name. */
function initials(name: string, email: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? "")][0] ?? "",
  );
  return (letters.join("") || email.slice(0, 1)).toUpperCase();
}

/** Who is logged in, the theme, and the way out. */
export function PersonMenu({ person: { name, email }, logOutAction }: PersonMenuProps) {
  const logOutForm = useRef<HTMLFormElement>(null);
  const [theme, setTheme] = useTheme();
  return (
    <>
      {/* Outside the menu: the menu is gone from the page by the time its item would submit. */}
      <form ref={logOutForm} action={logOutAction} hidden />
      <DropdownMenu modal={false}>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" className="-mr-2 max-w-56 px-2">
            <span
              aria-hidden
              className="grid size-6 shrink-0 place-items-center rounded bg-accent-wash text-xs font-semibold text-accent"
            >
              {initials(name, email)}
            </span>
            <span className="sr-only truncate sm:not-sr-only">{name || email}</span>
            <ChevronDown aria-hidden className="size-3.5!" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent className="w-60">
          <DropdownMenuLabel className="py-2">
            <span className="block truncate text-base font-medium text-ink">{name || email}</span>
            {name ? <span className="block truncate">{email}</span> : null}
          </DropdownMenuLabel>
          <DropdownMenuSeparator />
          <DropdownMenuLabel>Theme</DropdownMenuLabel>
          <DropdownMenuRadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
            {themes.map((value) => {
              const { label, icon: Icon } = themeLabels[value];
              return (
                <DropdownMenuRadioItem key={value} value={value} onSelect={(event) => event.preventDefault()}>
                  <Icon aria-hidden />
                  {label}
                </DropdownMenuRadioItem>
              );
            })}
          </DropdownMenuRadioGroup>
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={() => logOutForm.current?.requestSubmit()}>
            <LogOut aria-hidden />
            Log out
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </>
  );
}
