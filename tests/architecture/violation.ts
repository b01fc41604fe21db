/** A violation of the design in a file. */
export type Violation = { rule: string; path: string; detail: string };
