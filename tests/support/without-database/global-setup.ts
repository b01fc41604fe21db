import type { TestProject } from "vitest/node";
import { cleanOwnEnv } from "../environment";
import { removeCopiesAtExit } from "../transformed-copies";

/** Cleans the environment for the tests without a database, too. */
export default function setup(project: TestProject): void {
  cleanOwnEnv();
  removeCopiesAtExit(project);
}
