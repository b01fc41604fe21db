import type { ShownCode } from "./mobile-state";

/** What the server knows of the newest code: not the code itself. Instants are ISO 8601. */
export type StoredCode = { createdAt: string; expiresAt: string; isUsed: boolean; isOpen: boolean };

/** What has become of the code that the page shows. "elsewhere": it shows none, and another page's is open. */
export type CodePhase = "none" | "elsewhere" | "open" | "expired" | "used" | "replaced";

/** The phase of a code by what the browser counted and what the server said last. */
export function codePhase(shown: ShownCode | null, stored: StoredCode | null, isOver: boolean): CodePhase {
  if (!shown) return stored?.isOpen ? "elsewhere" : "none";
  // The server's word may be from before the code was made.
  const isNewest = !stored || stored.createdAt <= shown.createdAt;
  if (!isNewest) return "replaced";
  if (stored?.createdAt === shown.createdAt && stored.isUsed) return "used";
  return isOver ? "expired" : "open";
}

/** Whether the server may still have something to say of the code: until it has been asked once after the code's end. */
export function mayHaveNews(phase: CodePhase, shown: ShownCode | null, stored: StoredCode | null): boolean {
  if (phase !== "expired") return phase === "open";
  return stored?.createdAt !== shown?.createdAt || stored?.isOpen === true;
}
