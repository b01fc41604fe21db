import { clsx } from "clsx";

/** The product's mark: a gate with a half-raised portcullis. Decorative, because the name stands beside it. */
function Mark() {
  return (
    <svg viewBox="0 0 24 24" fill="currentColor" className="size-6 text-accent" aria-hidden>
      <path d="M2.5 22.5V12a9.5 9.5 0 0 1 19 0v10.5h-3.75V12a5.75 5.75 0 0 0-11.5 0v10.5Z" />
      <path d="M8.1 6.5h1.5v5.25h1.65V5.5h1.5v6.25h1.65V6.5h1.5v5.25h2v1.5h-2v4.1l-.75 1.35-.75-1.35v-4.1h-1.65v4.1L12 18.7l-.75-1.35v-4.1H9.6v4.1l-.75 1.35-.75-1.35v-4.1h-2v-1.5h2Z" />
    </svg>
  );
}

/** Mark and name, for the top of the sidebar and of the auth card. */
export function Wordmark({ className }: { className?: string }) {
  return (
    <span className={clsx("inline-flex items-center gap-2.5 text-lg font-semibold text-ink", className)}>
      <Mark />
      Gatehouse
    </span>
  );
}
