/**
 * Runs in the document's head, before every other listener. Browsers may restore a page from the back/forward cache in
 * spite of `no-store`; WebKit does so over plain http, even after a logout. The script hides a restored page and
 * reloads it, without the question about unsaved changes, which were given up when the page was left. The hidden page
 * keeps its height, and the reload waits: WebKit scrolls to where the reader was only after this event.
 */
export const restoredPageScript = `addEventListener("pageshow",function(e){if(e.persisted){document.documentElement.style.visibility="hidden";setTimeout(function(){location.reload()})}});addEventListener("beforeunload",function(e){if(document.documentElement.style.visibility)e.stopImmediatePropagation()})`;
