/** A short notice about something that happened elsewhere on the page. */
export type Toast = { id: number; message: string; description?: string; tone: "done" | "danger" };

let toasts: readonly Toast[] = [];
let lastId = 0;
/**
 * A dialog makes the region of the notices inert. A screen reader announces a notice only if it had the time to see the
 * region again since the dialog was closed.
 */
const AFTER_DIALOG_MS = 200;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]) {
  toasts = next;
  for (const notify of listeners) notify();
}

/**
 * Shows a notice: `toast("Saved. In effect now.")`. Keeps the three newest; of these a "danger" notice stays until it is
 * dismissed.
 */
export function toast(message: string, options: { tone?: Toast["tone"]; description?: string } = {}) {
  lastId += 1;
  const next = { id: lastId, message, tone: "done" as const, ...options };
  setTimeout(() => set([...toasts, next].slice(-3)), AFTER_DIALOG_MS);
}

/** Removes a notice. */
export function dismissToast(id: number) {
  set(toasts.filter((one) => one.id !== id));
}

/** Removes the notices of success, because the next action may end differently; failures stay. */
export function clearToasts() {
  if (toasts.length > 0) set(toasts.filter(({ tone }) => tone === "danger"));
}

/** Calls `notify` on every change, for `useSyncExternalStore`. @returns a function that unsubscribes */
export function subscribeToToasts(notify: () => void) {
  listeners.add(notify);
  return () => {
    listeners.delete(notify);
  };
}

export const currentToasts = () => toasts;
