"use client";

import { useEffect } from "react";

/**
 * Scrolls to a field whose error has just appeared. In a dialog taller than the screen the error could be out of view,
 * and pressing the button would seem to do nothing.
 */
export function useScrollToError(id: string, error: string | null | undefined) {
  useEffect(() => {
    if (error) document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  }, [id, error]);
}
