import { numberFromText } from "./number-text";
import type { FieldSpec, PanelSpec } from "./panel-spec";

/** The contents of a panel's controls, with numbers as the typed text. */
export type PanelText = Record<string, string | boolean>;

/** Converts values to the contents of their controls. */
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
  // Surrounding blanks usually come from pasting, and nobody would notice that they changed the value.
  if (spec.kind === "text") return entered.trim() || (spec.isOptional ? null : "");
  return entered;
}

/**
 * Returns the entered values, for the panel's schema to validate. A field that was not edited keeps its stored value,
 * where a program may have put surrounding blanks on purpose.
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
