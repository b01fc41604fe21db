import { type RefObject, useEffect } from "react";

const ROW = "li, tr";
const PART = "section[aria-labelledby]";

/** Returns the element and its ancestors, up to and including the page. */
function trailOf(element: Element, page: Element): Element[] {
  const trail = [element];
  for (let at = element.parentElement; at && at !== page.parentElement; at = at.parentElement) trail.push(at);
  return trail;
}

/** Returns the row that took the place of a removed row; null if no row was removed. */
function neighbourOf(taken: Element, changes: MutationRecord[]): Element | null {
  const change = changes.find(({ removedNodes }) => [...removedNodes].includes(taken));
  const beside = [change?.nextSibling, change?.previousSibling].find((node) => node?.isConnected);
  return taken.matches(ROW) && beside instanceof Element ? beside : null;
}

/**
 * Keeps the focus nearby when the focused control disappears, for example when ending a session removes its row with
 * the button. The focus moves to a neighbouring row, else to the enclosing section, else to the page, without
 * scrolling. The browser would move it to the top of the document, and keyboard and screen reader users would have to
 * find their way back (WCAG 2.4.3).
 */
export function useKeptFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const main = page.current;
    if (!main) return;
    let trail: Element[] = [];

    function follow({ target }: { target: EventTarget | null }) {
      // A dialog returns the focus to the page itself.
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

    // A control may have been focused before the page's scripts ran.
    follow({ target: document.activeElement });
    document.addEventListener("focusin", follow);
    observer.observe(main, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", follow);
      observer.disconnect();
    };
  }, [page]);
}
