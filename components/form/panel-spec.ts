/** Which values of a field mean "off", and how the console calls that state. */
type Off = {
  when: "empty" | "zero" | "empty-or-zero";
  /** Shown under the control while the field is off: "Never locks". */
  note: string;
  /** In the help, after the range: "empty or 0 never locks". */
  help: string;
};

type Words = {
  label: string;
  /** The effect of the field on people, in one sentence. */
  help: string;
  /** The range in words, where the bounds of the schema do not express it. */
  range?: string;
};

type NumberSpec = Words & {
  kind: "number";
  unit: string;
  off?: Off;
  note?: (value: number) => string;
};
type DurationSpec = Words & {
  kind: "duration";
  /** A further bound that depends on another field. */
  bound?: string;
};
type TextSpec = Words & {
  kind: "text";
  /** An empty field is null, not an empty string. */
  isOptional?: boolean;
  inputMode?: "email";
  emptyNote?: string;
};
type SwitchSpec = Words & { kind: "switch" };
type ChoiceSpec = Words & { kind: "choice"; options: Readonly<Record<string, string>> };
/** Entered and never shown again. An empty field is null, and the text is not trimmed. */
type SecretSpec = Words & { kind: "secret" };

/** How one field of a panel is entered and described. */
export type FieldSpec = NumberSpec | DurationSpec | TextSpec | SwitchSpec | ChoiceSpec | SecretSpec;

/** A panel's fields by name, in display order. */
export type PanelSpec<Field extends string = string> = Record<Field, FieldSpec>;

type WithoutLabel<Spec> = Spec extends unknown ? Omit<Spec, "label"> : never;
/** A field's spec without its label. */
export type FieldWords = WithoutLabel<FieldSpec>;

/** Builds a panel's spec with the labels from its schema. */
export function labelled<Field extends string>(
  labels: Record<Field, string>,
  words: Record<Field, FieldWords>,
): PanelSpec<Field> {
  const named = Object.entries<FieldWords>(words).map(([field, spec]) => {
    return [field, { ...spec, label: labels[field as Field] }];
  });
  return Object.fromEntries(named);
}

const inWords = (n: number) => n.toLocaleString("en-US");

/** Returns a field's value as text, for use within a sentence. */
export function valueText(spec: FieldSpec, value: unknown): string {
  if (spec.kind === "choice") return spec.options[String(value)] ?? String(value);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (value === null || value === "")
    return spec.kind === "number" && spec.off ? spec.off.note.toLowerCase() : "empty";
  return typeof value === "number" ? inWords(value) : String(value);
}

/** Returns the same text for use on its own, with a capital: "Never locks", "On". Typed text keeps its case. */
export function valueTitle(spec: FieldSpec, value: unknown): string {
  if (spec.kind === "number" && spec.off && isOff(spec, value)) return spec.off.note;
  const text = valueText(spec, value);
  return typeof value === "string" ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns one line of help: what the field does, the accepted range and the default. */
export function helpText(
  spec: FieldSpec,
  bounds: { min: number; max: number } | null,
  preset: unknown,
): string {
  const off = spec.kind === "number" ? spec.off : undefined;
  // Where 0 means off, the range starts at 1.
  const min = bounds && off && off.when !== "empty" ? Math.max(1, bounds.min) : bounds?.min;
  const seconds = spec.kind === "duration" ? ` seconds${spec.bound ? `, ${spec.bound}` : ""}` : "";
  const range =
    spec.range ??
    (bounds && min !== undefined ? `${inWords(min)}\u00a0to\u00a0${inWords(bounds.max)}${seconds}` : null);
  const accepted = range && off ? `${range}; ${off.help}` : range;
  const byDefault = preset === undefined ? null : `Default\u00a0${valueText(spec, preset)}`;
  return [spec.help, ...[accepted, byDefault].filter((part) => part !== null).map((part) => `${part}.`)].join(
    " ",
  );
}

/** Tells whether a value switches its field off. */
export function isOff(spec: FieldSpec, value: unknown): boolean {
  if (spec.kind !== "number" || !spec.off) return false;
  return (value === null && spec.off.when !== "zero") || (value === 0 && spec.off.when !== "empty");
}
