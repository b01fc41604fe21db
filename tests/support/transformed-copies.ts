import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";

/** Vitest leaves its transformed copies of the sources in the temporary folder when it is interrupted. */
export function removeCopiesAtExit({ tmpDir }: TestProject): void {
  process.on("exit", () => rmSync(tmpDir, { recursive: true, force: true, maxRetries: 5 }));
}
