"use client";

import { clsx } from "clsx";
import { type ReactNode, useEffect, useState } from "react";

type Section = { id: string; label: string };

/** Returns the section being read: the last one whose top has passed the upper third of the window. */
function useCurrentSection(sections: Section[]): string | undefined {
  const [current, setCurrent] = useState(sections[0]?.id);
  useEffect(() => {
    function update() {
      const isAtFoot = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
      const passed = sections.filter(({ id }) => {
        // A hidden section has no box and is skipped.
        const top = document.getElementById(id)?.getClientRects()[0]?.top;
        return top !== undefined && top < window.innerHeight / 3;
      });
      setCurrent((isAtFoot && window.scrollY > 0 ? sections : passed).at(-1)?.id ?? sections[0]?.id);
    }
    update();
    window.addEventListener("scroll", update, { passive: true });
    return () => window.removeEventListener("scroll", update);
  }, [sections]);
  return current;
}

/**
 * Scrolls to the section in the URL's fragment. The browser tries this only once, while it loads the page, and fails
 * for content that replaces a skeleton later. A reader who has already scrolled stays in place.
 */
function useArrival() {
  useEffect(() => {
    if (window.scrollY === 0) document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  }, []);
}

/** A long page at reading width, with links to its sections beside it on wide screens. Pass a constant array. */
export function PageSections({ sections, children }: { sections: Section[]; children: ReactNode }) {
  const current = useCurrentSection(sections);
  useArrival();
  return (
    <div className="grid gap-10 xl:grid-cols-[minmax(0,48rem)_11rem]">
      <div className="grid min-w-0 max-w-3xl gap-8">{children}</div>
      <nav aria-label="On this page" className="hidden xl:block">
        <ul className="sticky top-8 border-l">
          {sections.map(({ id, label }) => (
            <li key={id}>
              <a
                href={`#${id}`}
                aria-current={current === id ? "location" : undefined}
                className={clsx(
                  "-ml-px block border-l-2 py-1 pl-4 text-sm transition-colors",
                  current === id
                    ? "border-accent font-medium text-accent forced-colors:underline"
                    : "border-transparent text-muted hover:text-ink",
                )}
              >
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}
