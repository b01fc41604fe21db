import type { ShownCode } from "./mobile-state";

/** The newest code's stored state, without the code itself. Instants are ISO 8601. */
export type StoredCode = { createdAt: string; expiresAt: string; isUsed: boolean; isOpen: boolean };

/**
 * The state of the code that the page shows. "elsewhere": this page shows none, but a code made on another page is
 * still open.
 */
export type CodePhase = "none" | "elsewhere" | "open" | "expired" | "used" | "replaced";

/** Derives the phase of a code from the browser's countdown and the server's latest answer. */
export function codePhase(shown: ShownCode | null, stored: StoredCode | null, isOver: boolean): CodePhase {
  if (!shown) return stored?.isOpen ? "elsewhere" : "none";
  // The server's answer may be older than the code.
  const isNewest = !stored || stored.createdAt <= shown.createdAt;
  if (!isNewest) return "replaced";
  const known = stored?.createdAt === shown.createdAt ? stored : null;
  if (known?.isUsed) return "used";
  // The browser's countdown may stand still while the device sleeps.
  return isOver || known?.isOpen === false ? "expired" : "open";
}

/** Tells whether the server may still report a change: until it was asked once after the code's end. */
export function mayStillChange(
  phase: CodePhase,
  shown: ShownCode | null,
  stored: StoredCode | null,
): boolean {
  if (phase !== "expired") return phase === "open";
  return stored?.createdAt !== shown?.createdAt || stored?.isOpen === true;
}
