import type { ReactNode } from "react";
import type { TriedCall } from "./trial-form";

/** A call: the data to try it, and its reference. */
export type ShownCall = { tried: TriedCall; summary: string; description: ReactNode };

/** A group of related calls. */
export type ShownArea = { id: string; name: string; description: string; calls: ShownCall[] };
