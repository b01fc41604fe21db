import type { Invalid } from "@/lib/core/field-errors";
import type { ActionFailure } from "@/lib/request/action";
import type { Unanswered } from "./unanswered";

/** A panel as it is stored, as far as its form is concerned. */
export type LoadedPanel<Values> = {
  version: number;
  values: Values;
  savedAt: Date | null;
  savedByEmail: string;
  /** Fields whose stored values were unsound; their defaults are in force. */
  damaged: string[];
};

export type Saved<Values> = { ok: true; panel: LoadedPanel<Values>; mergedWith: string | null };
export type Conflict<Values> = {
  ok: false;
  code: "conflict";
  theirs: LoadedPanel<Values>;
  mine: Values;
  conflicts: string[];
};
/** What kept a save from its verb, or its answer from us. */
export type SaveFailure = Exclude<ActionFailure, Invalid> | Unanswered;

/** What a save comes to. */
export type SaveAnswer<Values> = Saved<Values> | Invalid | Conflict<Values> | SaveFailure;
