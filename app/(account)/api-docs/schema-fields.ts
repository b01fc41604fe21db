import { isSchema, type JsonSchema } from "@/lib/request/json-schema";

/** A description of a body's field or of a parameter. */
export type FieldWords = {
  /** With its path: `passwordPolicy.minimumLength`, `data[].id`. */
  name: string;
  /** Its type and bounds: "whole number, 6 to 50". */
  kind: string;
  isRequired: boolean;
  description?: string | undefined;
};

const figures = new Intl.NumberFormat("en-US");

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  object: "object",
  array: "list",
  null: "null",
};
const formatNames: Readonly<Record<string, string>> = { uuid: "UUID", email: "e-mail address", uri: "URL" };

function range(minimum: number | undefined, maximum: number | undefined, unit = ""): string | undefined {
  const [from, to] = [minimum, maximum].map((bound) =>
    bound === undefined ? undefined : figures.format(bound),
  );
  if (from !== undefined && to !== undefined) return `${from} to ${to}${unit}`;
  if (from !== undefined) return `at least ${from}${unit}`;
  return to === undefined ? undefined : `at most ${to}${unit}`;
}

const shown = (value: unknown) => (typeof value === "string" ? `“${value}”` : JSON.stringify(value));

function typeWords(schema: JsonSchema): string {
  const { type, enum: choices, const: constant, format, items, anyOf } = schema;
  if (constant !== undefined) return `always ${shown(constant)}`;
  if (choices) return choices.map(shown).join(", ");
  if (anyOf) return anyOf.map(typeWords).join(" or ");
  const types = Array.isArray(type) ? type : [type ?? "object"];
  return types
    .map((one) => {
      if (one === "array" && isSchema(items)) return `list, each ${typeWords(items)}`;
      return (one === "string" && format && formatNames[format]) || (typeNames[one] ?? one);
    })
    .join(" or ");
}

/** Describes a schema's type and bounds in one line: "whole number or null, 0 to 100". */
export function kindWords(schema: JsonSchema): string {
  const { minimum, maximum, minLength, maxLength, default: usual } = schema;
  const bounds = range(minimum, maximum) ?? range(minLength, maxLength, " characters");
  const otherwise = usual === undefined ? undefined : `${shown(usual)} if absent`;
  return [typeWords(schema), bounds, otherwise].filter(Boolean).join(", ");
}

/** Lists the fields of an object and of nested objects, each under its full path. */
export function fieldWords(schema: JsonSchema, above = ""): FieldWords[] {
  const { properties = {}, required = [], items } = schema;
  if (isSchema(items)) return fieldWords(items, `${above.replace(/\.$/, "")}[].`);
  return Object.entries(properties).flatMap(([key, property]) => {
    if (!isSchema(property)) return [];
    const name = `${above}${key}`;
    const isRequired = required.includes(key);
    const field = { name, kind: kindWords(property), isRequired, description: property.description };
    return [field, ...fieldWords(property, `${name}.`)];
  });
}
