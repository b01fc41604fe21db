import { type Panel, type PanelValues, panelDefaults, panelFields, panelSchemas } from "./schema";

/** A panel's values as far as they are sound; the fields that are not have their defaults. */
export type Salvaged<P extends Panel> = { values: PanelValues[P]; damaged: string[] };

/**
 * Reads a panel's stored JSON. What is damaged in it (by hand, by a restore) must not take the login down: each unsound
 * field falls back to its default and is named; if the fields contradict one another, all of the panel does.
 */
export function salvagePanel<P extends Panel>(panel: P, stored: unknown): Salvaged<P> {
  const source = typeof stored === "object" && stored !== null ? (stored as Record<string, unknown>) : {};
  const values: Record<string, unknown> = { ...panelDefaults[panel] };
  const damaged: string[] = [];
  for (const [key, schema] of Object.entries(panelFields[panel])) {
    const parsed = schema.safeParse(source[key]);
    if (parsed.success) values[key] = parsed.data;
    else damaged.push(key);
  }
  if (panelSchemas[panel].safeParse(values).success) return { values: values as PanelValues[P], damaged };
  return { values: panelDefaults[panel], damaged: Object.keys(panelDefaults[panel]) };
}
