/** Asks the user before the page is left; calling `leave` then goes through with it. */
type AskToLeave = (leave: () => void) => void;

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
 * Intercepts every way of leaving the page: links, the frame's forms (logging out), back and forward. Closing and
 * reloading are left to the browser's own dialog, because only the browser can ask then. Returns a function that
 * removes the interception.
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

  // Listens on the window in the capture phase, to run before React and Next.
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

  // WebKit does not honour a cancelled traversal: it keeps loading the other entry and regards it as the current one,
  // so that the next step back skips an entry.
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
 * Guards the back button where the Navigation API cannot cancel a traversal. Adds another history entry for this page,
 * so that going back stays on the page and can be asked about. Leaving then goes back past all of these entries; each
 * new round of changes adds one. A step past that entry, by the back button's menu, is undone before the question.
 */
function guardHistory(
  askFirst: (event: Event, leave: () => void) => void,
  isLeaving: () => boolean,
  signal: AbortSignal,
) {
  const page = location.href;
  // Tells this guard's entry, and the places that were reached from it, from all others.
  const guard = Date.now();
  let own = "";
  const stay = () => {
    // Copies Next's history state, so that its router does not treat the entry as a page outside the app.
    history.pushState({ ...history.state, guard }, "", location.href);
    own = entryKey();
  };
  stay();
  let isReturning = false;
  window.addEventListener(
    "popstate",
    (event) => {
      if (isReturning) {
        isReturning = false;
        event.stopImmediatePropagation();
        return;
      }
      if (!isSamePage(page)) {
        const other = entryKey();
        if (isLeaving() || other === own) return;
        // By their keys: WebKit's indexes are not always the distance that `history.go` takes.
        askFirst(event, () => window.navigation.traverseTo(other));
        isReturning = true;
        window.navigation.traverseTo(own);
        return;
      }
      if (isLeaving()) {
        event.stopImmediatePropagation();
        history.back();
        return;
      }
      // A step between the guard's entry and a place on this page that was reached from it, as by a link to a field. The
      // entry of such a place has no state at first, and then a copy (`fragmentScript`).
      if (history.state === null || history.state.guard === guard) return;
      askFirst(event, () => history.back());
      stay();
    },
    { capture: true, signal },
  );
}

/** Returns the key of the current history entry; always "" in a browser that does not tell. */
function entryKey(): string {
  return "navigation" in window ? (window.navigation.currentEntry?.key ?? "") : "";
}
