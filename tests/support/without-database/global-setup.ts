import type { TestProject } from "vitest/node";
import { cleanOwnEnv } from "../environment";
import { removeCopiesAtExit } from "../transformed-copies";

/** What runs without a database runs without what is set for one, too. */
export default function setup(project: TestProject): void {
  cleanOwnEnv();
  removeCopiesAtExit(project);
}
