import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";

/** Removes Vitest's transformed copies of the sources at exit; an interrupted Vitest leaves them behind. */
export function removeCopiesAtExit({ tmpDir }: TestProject): void {
  process.on("exit", () => rmSync(tmpDir, { recursive: true, force: true, maxRetries: 5 }));
}
