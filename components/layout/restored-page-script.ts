/**
 * Runs in the document's head, ahead of every other listener. A browser may bring a page back from its memory, though told
 * not to store it: WebKit does over plain http, also to whoever has logged out since. Such a page is not seen but asked for
 * anew, without the question about unsaved changes that were already given up.
 */
export const restoredPageScript = `addEventListener("pageshow",function(e){if(e.persisted){document.documentElement.hidden=true;location.reload()}});addEventListener("beforeunload",function(e){if(document.documentElement.hidden)e.stopImmediatePropagation()})`;
