import { type RefObject, useEffect } from "react";

const ROW = "li, tr";
const PART = "section[aria-labelledby]";

/** The element and what it stands in, up to the page itself. */
function trailOf(element: Element, page: Element): Element[] {
  const trail = [element];
  for (let at = element.parentElement; at && at !== page.parentElement; at = at.parentElement) trail.push(at);
  return trail;
}

/** The row that has moved into the place of one that was taken out; null where no row was. */
function neighbourOf(taken: Element, changes: MutationRecord[]): Element | null {
  const change = changes.find(({ removedNodes }) => [...removedNodes].includes(taken));
  const beside = [change?.nextSibling, change?.previousSibling].find((node) => node?.isConnected);
  return taken.matches(ROW) && beside instanceof Element ? beside : null;
}

/**
 * Keeps the focus near where it was when the control that has it goes away: a session that was ended takes its button
 * along. It goes to the next row, else to the part of the page around, else to the page, without scrolling; the browser
 * would drop it to the top, from where the keyboard and a reader have to find their way back (WCAG 2.4.3).
 */
export function useKeptFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const main = page.current;
    if (!main) return;
    let trail: Element[] = [];

    function follow({ target }: { target: EventTarget | null }) {
      // A dialog lies over the page, and gives the focus back to it.
      if (!(target instanceof Element) || target.closest("dialog")) return;
      trail = main?.contains(target) ? trailOf(target, main) : [];
    }

    const observer = new MutationObserver((changes) => {
      const kept = trail.findIndex((element) => element.isConnected);
      const [around, taken] = [trail[kept], trail[kept - 1]];
      if (!around || !taken || document.activeElement !== document.body) return;
      const place = neighbourOf(taken, changes) ?? around.closest(PART) ?? around.closest(ROW) ?? main;
      if (!(place instanceof HTMLElement)) return;
      if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
      place.focus({ preventScroll: true });
    });

    // Whoever is quick has gone to a control before the page's scripts were there.
    follow({ target: document.activeElement });
    document.addEventListener("focusin", follow);
    observer.observe(main, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", follow);
      observer.disconnect();
    };
  }, [page]);
}
