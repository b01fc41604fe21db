/** Asks before a way out of the page is taken; `leave` takes it. */
export type AskToLeave = (leave: () => void) => void;

const isSamePage = (address: string) => {
  const url = new URL(address, location.href);
  return (
    url.origin === location.origin && url.pathname === location.pathname && url.search === location.search
  );
};

function linkOf(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
  if (!link || (link.target !== "" && link.target !== "_self") || link.hasAttribute("download")) return null;
  return /^https?:$/.test(link.protocol) && !isSamePage(link.href) ? link : null;
}

/**
 * Stands in every way out of the page: links, the frame's forms (logging out), back and forward, and, where only the
 * browser itself can ask, closing and reloading. Returns the way to stand down.
 */
export function interceptLeaving(ask: AskToLeave): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let isLeaving = false;

  function askFirst(event: Event, leave: () => void) {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(() => {
      isLeaving = true;
      leave();
    });
  }

  // On the window and capturing, so as to come before React and Next.
  window.addEventListener(
    "click",
    (event) => {
      const link = isLeaving ? null : linkOf(event);
      if (link) askFirst(event, () => (link.isConnected ? link.click() : location.assign(link.href)));
    },
    { capture: true, signal },
  );
  window.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (isLeaving || !(form instanceof HTMLFormElement) || form.closest("main, dialog")) return;
      const { submitter } = event;
      askFirst(event, () => form.requestSubmit(submitter));
    },
    { capture: true, signal },
  );
  window.addEventListener(
    "beforeunload",
    (event) => {
      if (!isLeaving) event.preventDefault();
    },
    { signal },
  );

  // WebKit goes on loading what was stood in the way of, and takes itself to be there: the next step back is then of two.
  if ("navigation" in window && !navigator.vendor.startsWith("Apple")) {
    const { navigation } = window;
    navigation.addEventListener(
      "navigate",
      (event) => {
        const { navigationType, destination, cancelable } = event;
        if (isLeaving || navigationType !== "traverse" || !cancelable || isSamePage(destination.url)) return;
        askFirst(event, () => navigation.traverseTo(destination.key));
      },
      { signal },
    );
  } else {
    guardHistory(askFirst, () => isLeaving, signal);
  }
  return () => listening.abort();
}

/**
 * The back button where the Navigation API cannot stand in its way: another entry of this page is put on the history, so
 * that going back stays here and can be asked about. Whoever then leaves goes back past all of them; each time that
 * something is changed anew has added one.
 */
function guardHistory(
  askFirst: (event: Event, leave: () => void) => void,
  isLeaving: () => boolean,
  signal: AbortSignal,
) {
  const page = location.href;
  // With the state that Next keeps there, so that its router does not take it for a page of its own.
  const stay = () => history.pushState(history.state, "", location.href);
  stay();
  window.addEventListener(
    "popstate",
    (event) => {
      if (!isSamePage(page)) return;
      if (isLeaving()) {
        event.stopImmediatePropagation();
        history.back();
        return;
      }
      askFirst(event, () => history.back());
      stay();
    },
    { capture: true, signal },
  );
}
