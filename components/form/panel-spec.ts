/** When a field's value means "off", and what that is called. */
type Off = {
  when: "empty" | "zero" | "empty-or-zero";
  /** Beside the control, while it is off: "Never locks". */
  note: string;
  /** In the help, after the range: "empty or 0 never locks". */
  help: string;
};

type Words = {
  label: string;
  /** What the field does to people, one sentence. */
  help: string;
  /** The range in words, where the numbers of the schema do not say it. */
  range?: string;
};

export type NumberSpec = Words & {
  kind: "number";
  unit: string;
  off?: Off;
  note?: (value: number) => string;
};
export type DurationSpec = Words & {
  kind: "duration";
  /** What bounds it beside the range, which another field decides. */
  bound?: string;
};
export type TextSpec = Words & {
  kind: "text";
  /** An emptied field is null, not an empty text. */
  isOptional?: boolean;
  inputMode?: "email";
  emptyNote?: string;
};
export type SwitchSpec = Words & { kind: "switch" };
export type ChoiceSpec = Words & { kind: "choice"; options: Readonly<Record<string, string>> };
/** Entered and never shown again; an empty field is null, and what is typed is taken as it is. */
export type SecretSpec = Words & { kind: "secret" };

/** How one field of a panel is entered and spoken of. */
export type FieldSpec = NumberSpec | DurationSpec | TextSpec | SwitchSpec | ChoiceSpec | SecretSpec;

/** A panel's fields by name, in the order in which they are shown. */
export type PanelSpec<Field extends string = string> = Record<Field, FieldSpec>;

type WithoutLabel<Spec> = Spec extends unknown ? Omit<Spec, "label"> : never;
/** How a field is entered and spoken of, but for what it is called. */
export type FieldWords = WithoutLabel<FieldSpec>;

/** A panel's fields, called what its schema calls them. */
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

/** A field's value as a person reads it. */
export function valueText(spec: FieldSpec, value: unknown): string {
  if (spec.kind === "choice") return spec.options[String(value)] ?? String(value);
  if (spec.kind === "secret") return value === null ? "unchanged" : "a new one";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (value === null || value === "")
    return spec.kind === "number" && spec.off ? spec.off.note.toLowerCase() : "empty";
  if (typeof value !== "number") return String(value);
  return inWords(value);
}

/** The same where it stands by itself, and not in a sentence: "Never locks", "On". What somebody typed stays as it is. */
export function valueTitle(spec: FieldSpec, value: unknown): string {
  if (spec.kind === "number" && spec.off && isOff(spec, value)) return spec.off.note;
  const text = valueText(spec, value);
  return typeof value === "string" ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** One line on what a field does, what it takes and what it is unless somebody changes it. */
export function helpText(
  spec: FieldSpec,
  bounds: { min: number; max: number } | null,
  preset: unknown,
): string {
  const off = spec.kind === "number" ? spec.off : undefined;
  // Where 0 means off, the range begins after it.
  const min = bounds && off && off.when !== "empty" ? Math.max(1, bounds.min) : bounds?.min;
  const seconds =
    spec.kind === "duration" ? [" seconds", ...(spec.bound ? [spec.bound] : [])].join(", ") : "";
  const range =
    spec.range ??
    (bounds && min !== undefined ? `${inWords(min)}\u00a0to\u00a0${inWords(bounds.max)}${seconds}` : null);
  const accepted = range && off ? `${range}; ${off.help}` : range;
  const byDefault = preset === undefined ? null : `Default\u00a0${valueText(spec, preset)}`;
  return [spec.help, ...[accepted, byDefault].filter((part) => part !== null).map((part) => `${part}.`)].join(
    " ",
  );
}

/** Whether a value switches its field off. */
export function isOff(spec: FieldSpec, value: unknown): boolean {
  if (spec.kind !== "number" || !spec.off) return false;
  return (value === null && spec.off.when !== "zero") || (value === 0 && spec.off.when !== "empty");
}
