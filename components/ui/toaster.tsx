"use client";

import { clsx } from "clsx";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { currentToasts, dismissToast, subscribeToToasts, type Toast } from "./toast";

const SHOWN_MS = 6000;
const none: readonly Toast[] = [];

/**
 * The region where toasts appear, announced politely. It is at the top, because the save bar is at the bottom. Mounted
 * once, in the console's layout.
 */
export function Toaster() {
  const toasts = useSyncExternalStore(subscribeToToasts, currentToasts, () => none);
  return (
    <section
      aria-label="Notices"
      aria-live="polite"
      className="notices pointer-events-none fixed inset-x-4 top-16 z-50 grid justify-items-end gap-2 sm:left-auto sm:w-96"
    >
      {toasts.map((one) => (
        <Notice key={one.id} toast={one} />
      ))}
    </section>
  );
}

function Notice({ toast: { id, message, description, tone } }: { toast: Toast }) {
  const [isHeld, setHeld] = useState(false);
  const Icon = tone === "danger" ? CircleAlert : CircleCheck;

  // The timer stops while the pointer or the focus is on the notice; a failure stays until it is dismissed (WCAG
  // 2.2.1).
  useEffect(() => {
    if (isHeld || tone === "danger") return;
    const timer = setTimeout(() => dismissToast(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, isHeld, tone]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing only holds the notice, it does nothing
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex max-h-[calc(100dvh-var(--spacing)*20)] w-full animate-rise overflow-y-auto items-start gap-3 rounded bg-raised py-3 pr-2 pl-4 shadow-float forced-colors:border"
    >
      <Icon
        aria-hidden
        className={clsx("mt-[3px] size-4 shrink-0", tone === "danger" ? "text-danger" : "text-accent")}
      />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <p className="font-medium">{message}</p>
        {description ? <p className="text-sm text-muted">{description}</p> : null}
      </div>
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => dismissToast(id)}
        className="grid size-6 shrink-0 place-items-center rounded text-faint hover:bg-hover hover:text-ink pointer-coarse:-my-2.5 pointer-coarse:-mr-1 pointer-coarse:size-11"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
