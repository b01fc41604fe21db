import { z } from "zod";

/** A JSON Schema as OpenAPI 3.1 carries one (draft 2020-12). */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The description (with the unit) and an example for each field name, wherever a field of that name occurs. */
export type Glossary = Readonly<Record<string, { description: string; example?: unknown }>>;

/** Whether a value in the place of a schema is one schema, and not an array or a boolean. */
export const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Rewrites `anyOf: [X, null]` as one schema of two types, which draft 2020-12 allows and which is easier to read. */
function withNull(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema;
  const [inner, nothing, ...others] = anyOf ?? [];
  if (!inner || nothing?.type !== "null" || others.length > 0 || typeof inner.type !== "string")
    return schema;
  return {
    ...inner,
    ...rest,
    type: [inner.type, "null"],
    ...(inner.enum && { enum: [...inner.enum, null] }),
  };
}

/**
 * Removes bounds that are only those of a safe integer, and a pattern from anything but a string. Such an integer is
 * said to need 64 bits, unless its schema says otherwise: from most generators it would get 32.
 */
function withoutNoise(schema: JsonSchema): JsonSchema {
  const { minimum, maximum, pattern, ...rest } = schema;
  return {
    ...(maximum === Number.MAX_SAFE_INTEGER && { format: "int64" }),
    ...rest,
    ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
    ...(pattern !== undefined && rest.type === "string" && { pattern }),
  };
}

function tidied(schema: JsonSchema, glossary: Glossary): JsonSchema {
  const { properties, items, anyOf } = schema;
  const named = Object.entries(properties ?? {}).map(([name, property]) => {
    if (!isSchema(property)) return [name, property];
    return [name, explained(name, tidied(property, glossary), glossary)];
  });
  return withoutNoise(
    withNull({
      ...schema,
      ...(properties && { properties: Object.fromEntries(named) }),
      ...(isSchema(items) && { items: tidied(items, glossary) }),
      ...(anyOf && { anyOf: anyOf.map((one) => tidied(one, glossary)) }),
    }),
  );
}

/** Adds the glossary's entry for a field's name; what the schema itself says takes precedence. */
function explained(name: string, schema: JsonSchema, glossary: Glossary): JsonSchema {
  const entry = Object.hasOwn(glossary, name) ? glossary[name] : undefined;
  if (!entry) return schema;
  const { description, example } = entry;
  // An object's example is built from those of its fields.
  const isFitting =
    example !== undefined && schema.type !== "object" && (schema.type !== "null" || example === null);
  return { description, ...(isFitting && { examples: [example] }), ...schema };
}

/** Removes `additionalProperties: false`: strict clients would refuse fields that are added to the answer later. */
function leaveOpen({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** Returns the JSON Schema of what a zod schema takes ("input") or returns ("output"), with its fields explained. */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output", glossary: Glossary = {}): JsonSchema {
  const override = io === "output" ? leaveOpen : () => undefined;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", override });
  return tidied(rest as JsonSchema, glossary);
}

function exampleOfObject({ properties = {}, required = [] }: JsonSchema): object {
  // A field that can only be absent or null is left out.
  const shown = Object.entries(properties).filter(
    (entry): entry is [string, JsonSchema] =>
      isSchema(entry[1]) && (entry[1].type !== "null" || required.includes(entry[0])),
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property)]));
}

/**
 * Returns a value that fits a schema: its example, constant, default or first choice, or a simple value of its type.
 */
export function exampleOf(schema: JsonSchema): unknown {
  const { examples, const: constant, default: usual, enum: choices, items, minimum } = schema;
  const given = [examples?.[0], constant, usual, choices?.[0]].find((value) => value !== undefined);
  if (given !== undefined) return given;
  switch (Array.isArray(schema.type) ? schema.type.at(-1) : schema.type) {
    case "array":
      return isSchema(items) ? [exampleOf(items)] : [];
    case "object":
      return exampleOfObject(schema);
    case "integer":
    case "number":
      return minimum ?? 0;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return "text";
  }
}
