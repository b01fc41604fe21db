import { clsx } from "clsx";

/** Preformatted text; content larger than the box scrolls inside it. */
export function CodeBlock({ label, text, className }: { label: string; text: string; className?: string }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a pointer
      tabIndex={0}
      aria-label={label}
      className={clsx("max-h-96 overflow-auto rounded border bg-canvas px-4 py-3", className)}
    >
      <pre className="figures text-sm">{text}</pre>
    </section>
  );
}
