"use client";

import { useEffect, useState } from "react";
import type { ShownCode } from "./mobile-state";

const toSeconds = (ms: number) => Math.max(0, Math.ceil(ms / 1000));

/** Returns the whole seconds that a code still works, counted from when the browser received it. */
export function useSecondsLeft(code: ShownCode | null): number {
  const [left, setLeft] = useState(() => toSeconds(code?.remainingMs ?? 0));
  const [counted, setCounted] = useState(code);
  if (code !== counted) {
    setCounted(code);
    setLeft(toSeconds(code?.remainingMs ?? 0));
  }

  useEffect(() => {
    if (!code) return;
    const end = performance.now() + code.remainingMs;
    const timer = setInterval(() => {
      const seconds = toSeconds(end - performance.now());
      setLeft(seconds);
      if (seconds === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [code]);

  return left;
}
