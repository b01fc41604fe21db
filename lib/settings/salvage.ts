import { type Panel, type PanelValues, panelDefaults, panelFields, panelSchemas } from "./schema";

/** A panel's values, with the default for each invalid field; `damaged` has the names of those fields. */
export type Salvaged<P extends Panel> = { values: PanelValues[P]; damaged: string[] };

/**
 * Reads a panel's stored JSON. Damage to it (by a manual edit or a restore) must not take the login down: each invalid
 * field falls back to its default and is named. If the fields contradict one another, the whole panel falls back.
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
