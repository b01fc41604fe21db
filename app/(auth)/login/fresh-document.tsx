"use client";

import { useEffect } from "react";

/**
 * Loads the login page anew if this document has shown pages to somebody who was logged in. Next's router keeps those in
 * memory, and would show them to whoever goes back, although the session has ended (ASVS 5.0, 14.3.1). After a logout it
 * has forgotten them, but the document still contains the scripts with the content of the first.
 */
export function FreshDocument() {
  useEffect(() => {
    if (!document.documentElement.dataset.frame) return;
    document.body.inert = true; // What is entered on a slow network before the new document comes would be lost.
    window.location.reload();
    return () => {
      document.body.inert = false; // Whoever goes back meanwhile sees the page before in this document.
    };
  }, []);
  return null;
}
