import type { ReactNode } from "react";
import type { Invalid } from "@/lib/core/field-errors";
import type { Failure } from "@/lib/core/result";
import type { ActionFailure } from "@/lib/request/action";
import type { Unanswered } from "./unanswered";

/** The parts of a stored panel that its form needs. */
export type LoadedPanel<Values> = {
  version: number;
  values: Values;
  savedAt: Date | null;
  savedByEmail: string;
  /** Fields whose stored values are invalid; their defaults are in force. */
  damaged: string[];
  /** Values to begin with as unsaved changes, and a note that says where they come from. */
  restored?: { values: object; note: ReactNode } | undefined;
};

export type Saved<Values> = { ok: true; panel: LoadedPanel<Values>; mergedWith: string | null };
export type Conflict<Values> = {
  ok: false;
  code: "conflict";
  theirs: LoadedPanel<Values>;
  mine: Values;
  conflicts: string[];
};
/** A save that did not reach the service, failed inside it, or got no answer. */
export type SaveFailure = Exclude<ActionFailure, Invalid> | Unanswered | PerhapsSignedOut;

/** The session has ended before a save that signs everyone out; possibly by that save, whose first answer was lost. */
type PerhapsSignedOut = Failure<"perhaps-signed-out", { requestId: string }>;

/** The result of a save. */
export type SaveAnswer<Values> = Saved<Values> | Invalid | Conflict<Values> | SaveFailure;
