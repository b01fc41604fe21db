"use client";

import { clsx } from "clsx";
import { useEffect, useState } from "react";
import type { Strength } from "./strength";

/** The pause in typing after which the password is judged. */
const PAUSE_MS = 300;

const hints: Record<Strength, { text: string; lit: number }> = {
  weak: { text: "Easy to guess. Unrelated words are better.", lit: 1 },
  fair: { text: "One more word makes it hard to guess.", lit: 2 },
  strong: { text: "Hard to guess.", lit: 3 },
};

type StrengthHintProps = {
  password: string;
  /** Advice is given only for a password that the policy accepts; until then, the checklist is what counts. */
  isAdmitted: boolean;
  username?: string | undefined;
};

/** Advice about the new password, never a condition. The estimator is loaded after the first keystroke. */
export function StrengthHint({ password, isAdmitted, username }: StrengthHintProps) {
  const strength = useStrength(password, isAdmitted, username);
  const hint = strength && hints[strength];
  return (
    <div aria-live="polite" className="min-h-5 text-sm text-muted noscript:hidden">
      {hint ? (
        <p className="flex items-start gap-2.5">
          <span aria-hidden className="mt-2 flex w-12 shrink-0 gap-0.5">
            {[1, 2, 3].map((bar) => (
              <span
                key={bar}
                className={clsx(
                  "h-1 flex-1 rounded forced-colors:border",
                  bar <= hint.lit ? "bg-accent" : "bg-line",
                )}
              />
            ))}
          </span>
          <span>{hint.text}</span>
        </p>
      ) : null}
    </div>
  );
}

/** Returns the strength of the password; null while it is unknown or must not be shown. */
function useStrength(password: string, isAdmitted: boolean, username?: string): Strength | null {
  const [judged, setJudged] = useState<{ password: string; strength: Strength } | null>(null);
  useEffect(() => {
    if (password === "") return;
    let isStale = false;
    const timer = setTimeout(async () => {
      // If loading fails there is no advice, and the form works as usual.
      const judge = await import("./strength").catch(() => null);
      if (isStale || !judge || !isAdmitted) return;
      setJudged({ password, strength: judge.strengthOf(password, username ? [username] : []) });
    }, PAUSE_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [password, isAdmitted, username]);
  return isAdmitted && judged?.password === password ? judged.strength : null;
}
