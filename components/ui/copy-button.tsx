"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Button } from "./button";
import { Textarea } from "./textarea";

type CopyButtonProps = {
  text: string;
  /** Names what is copied: "Copy link". */
  label: string;
  /** The page does not show the text. Where it cannot be copied, it appears beside the button, selected. */
  isTextHidden?: boolean;
};

/** Copies a text to the clipboard and confirms it. */
export function CopyButton({ text, label, isTextHidden = false }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const [isRevealed, setRevealed] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      // There is no clipboard API outside https and localhost.
      flushSync(() => {
        setState("failed");
        setRevealed(isTextHidden);
      });
      box.current?.focus();
    }
  }

  const failed = isTextHidden ? "Copy the selected text by hand" : "Select and copy by hand";
  const words = { idle: label, copied: "Copied", failed }[state];
  return (
    <>
      {/* Its name stays: a screen reader would also read each change of the focused button's. */}
      <Button size="sm" aria-label={label} onClick={copy}>
        {state === "copied" ? <Check aria-hidden /> : <Copy aria-hidden />}
        <span>{words}</span>
      </Button>
      <span aria-live="polite" className="sr-only">
        {state === "idle" ? "" : words}
      </span>
      {isRevealed ? (
        <Textarea
          ref={box}
          readOnly
          value={text}
          aria-label={`${label} by hand`}
          className="figures break-all"
          onFocus={(event) => event.target.select()}
        />
      ) : null}
    </>
  );
}
