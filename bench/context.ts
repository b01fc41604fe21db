import type { Shutdown } from "@/server/shutdown";

/** What every measurement is given. */
export type Bench = Readonly<{
  /** A folder of our own outside of the tree, removed at the end. */
  folder: string;
  /** What must be closed at the end, also when Ctrl-C is the end. */
  shutdown: Shutdown;
  say: (line: string) => void;
}>;
