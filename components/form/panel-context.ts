"use client";

import { createContext, useContext } from "react";
import type { PanelForm } from "./use-panel-form";

type FormParts = "spec" | "text" | "values" | "changed" | "errors" | "isRefused" | "setField";

/** What a panel's fields need from its form, and the product's default values. */
type PanelContextValue = Pick<PanelForm<object>, FormParts> & {
  presets: Readonly<Record<string, unknown>>;
  /** Each field's schema, for its bounds. */
  shape: Readonly<Record<string, unknown>>;
};

/** Set by a panel around its fields. */
export const PanelContext = createContext<PanelContextValue | null>(null);

/** Returns the panel that contains the field. @throws Error outside of a panel */
export function usePanel(): PanelContextValue {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error("A panel's field stands outside of its panel.");
  return panel;
}
