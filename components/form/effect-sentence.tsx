"use client";

import { useEffect, useRef, useState } from "react";
import { CardEffect } from "@/components/ui/card";

const SETTLED_MS = 1200;

type EffectSentenceProps = {
  /** What the entered values do to people; null while they are not valid. */
  text: string | null;
};

/** What the panel's values do, under its fields; changes as one types, and is read out once one pauses. */
export function EffectSentence({ text }: EffectSentenceProps) {
  const shown = text ?? "Not valid yet. The rules that were saved last stay in force.";
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
