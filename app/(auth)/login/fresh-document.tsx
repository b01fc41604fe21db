"use client";

import { useEffect } from "react";

/**
 * Loads the login page anew if this document has shown pages to somebody who was logged in. Next's router keeps those in
 * memory, and would show them to whoever goes back, although the session has ended (ASVS 5.0, 14.3.1). After a logout it
 * has forgotten them, but the document still contains the scripts with the content of the first.
 */
export function FreshDocument() {
  useEffect(() => {
    if (document.documentElement.dataset.frame) window.location.reload();
  }, []);
  return null;
}
