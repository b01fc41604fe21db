import { numberFromText } from "./number-text";
import type { FieldSpec, PanelSpec } from "./panel-spec";

/** A panel as it stands in its controls: numbers as the text that was typed. */
export type PanelText = Record<string, string | boolean>;

/** Values as their controls show them. */
export function textOf(values: object): PanelText {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "boolean" ? value : value === null ? "" : String(value),
    ]),
  );
}

function entryOf(spec: FieldSpec | undefined, entered: string | boolean): unknown {
  if (typeof entered === "boolean" || spec === undefined) return entered;
  if (spec.kind === "number" || spec.kind === "duration") return numberFromText(entered);
  if (spec.kind === "secret") return entered === "" ? null : entered;
  // Blanks around a text come with pasting it, and nobody would see that they had made it another one.
  if (spec.kind === "text") return entered.trim() || (spec.isOptional ? null : "");
  return entered;
}

/**
 * The values that were entered, for the panel's schema to judge. What nobody has touched is as it is stored, in which a
 * program may have put blanks around a text on purpose.
 */
export function valuesOf(spec: PanelSpec, text: PanelText, stored: object): Record<string, unknown> {
  const shown = textOf(stored);
  return Object.fromEntries(
    Object.entries(text).map(([name, entered]) => [
      name,
      entered === shown[name] ? stored[name as keyof typeof stored] : entryOf(spec[name], entered),
    ]),
  );
}
