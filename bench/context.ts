import type { Shutdown } from "@/server/shutdown";

/** What every measurement is given. */
export type Bench = Readonly<{
  /** A temporary folder outside of the source tree, removed at the end. */
  folder: string;
  /** Closes everything at the end, also after Ctrl-C. */
  shutdown: Shutdown;
  say: (line: string) => void;
}>;
