"use client";

import { useEffect, useRef, useState } from "react";
import { usePanel } from "./panel-context";

/** How long entering must pause before an error is shown, in milliseconds: longer than between two keystrokes. */
const PAUSE_MS = 700;

/**
 * Returns the error of a field of the surrounding panel, as it is shown. An error that is new or other than before waits
 * until entering pauses, because "5" may become "50", and screen readers would announce it at each keystroke. It is shown
 * at once when a save is refused, and it is gone at once when the value is valid.
 */
export function useFieldError(name: string): string | undefined {
  const { errors, isRefused } = usePanel();
  const message = errors.find(({ field }) => field === name)?.message;
  const [settled, setSettled] = useState(message);
  const wasRefused = useRef(false);
  useEffect(() => {
    const isAwaited = isRefused && !wasRefused.current;
    wasRefused.current = isRefused;
    if (message === undefined || isAwaited) return setSettled(message);
    const timer = setTimeout(() => setSettled(message), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [message, isRefused]);
  return message && settled;
}
