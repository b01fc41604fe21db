/** A short notice on something that has happened elsewhere than where one looks. */
export type Toast = { id: number; message: string; description?: string; tone: "done" | "danger" };

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]) {
  toasts = next;
  for (const notify of listeners) notify();
}

/** Shows a notice: `toast("Saved. In effect now.")`. The three newest are kept; a "danger" one stays until dismissed. */
export function toast(message: string, options: { tone?: Toast["tone"]; description?: string } = {}) {
  lastId += 1;
  set([...toasts, { id: lastId, message, tone: "done" as const, ...options }].slice(-3));
}

/** Takes one away. */
export function dismissToast(id: number) {
  set(toasts.filter((one) => one.id !== id));
}

/** Takes away what was said to be done, because what comes next may be otherwise; failures stay. */
export function clearToasts() {
  if (toasts.length > 0) set(toasts.filter(({ tone }) => tone === "danger"));
}

/** Has `notify` called at every change, for `useSyncExternalStore`. @returns what ends that */
export function subscribeToToasts(notify: () => void) {
  listeners.add(notify);
  return () => {
    listeners.delete(notify);
  };
}

export const currentToasts = () => toasts;
