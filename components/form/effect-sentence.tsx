"use client";

import { useEffect, useRef, useState } from "react";
import { CardEffect } from "@/components/ui/card";

const SETTLED_MS = 1200;

type EffectSentenceProps = {
  /** The effect of the entered values on people; null while they are not valid. */
  text: string | null;
};

/**
 * The sentence under a panel's fields that says what its values do. It changes with every keystroke, and screen readers
 * hear it once typing pauses.
 */
export function EffectSentence({ text }: EffectSentenceProps) {
  const shown = text ?? "Not valid yet. The last saved values stay in effect.";
  const first = useRef(shown);
  const [settled, setSettled] = useState("");
  useEffect(() => {
    if (shown === first.current) return;
    const timer = setTimeout(() => {
      first.current = "";
      setSettled(shown);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  return (
    <>
      <CardEffect>{shown}</CardEffect>
      <p aria-live="polite" className="sr-only">
        {settled}
      </p>
    </>
  );
}
