import type { ReactNode } from "react";
import type { TriedCall } from "./trial-form";

/** A call: how to try it, and what is to be read of it. */
export type ShownCall = { tried: TriedCall; summary: string; description: ReactNode };

/** Calls that belong together. */
export type ShownArea = { id: string; name: string; description: string; calls: ShownCall[] };
