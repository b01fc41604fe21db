import { z } from "zod";

/** A JSON Schema as OpenAPI 3.1 carries one (draft 2020-12). */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What a field of a given name means, with its unit, wherever it stands; and a value that shows it. */
export type Glossary = Readonly<Record<string, { description: string; example?: unknown }>>;

/** Whether what stands where a schema may is one schema, and no list and no mere true or false. */
export const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `anyOf: [X, null]` as one schema of two types, which 2020-12 has, and readers see at once. */
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

/** Bounds that a number has only because computers have them, and the pattern of a number's text. */
function withoutNoise(schema: JsonSchema): JsonSchema {
  const { minimum, maximum, pattern, ...rest } = schema;
  return {
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

/** What the schema says of itself goes before what the glossary says of the name. */
function explained(name: string, schema: JsonSchema, glossary: Glossary): JsonSchema {
  const entry = Object.hasOwn(glossary, name) ? glossary[name] : undefined;
  if (!entry) return schema;
  const { description, example } = entry;
  // An object's example is made of its fields'.
  const isFitting =
    example !== undefined && schema.type !== "object" && (schema.type !== "null" || example === null);
  return { description, ...(isFitting && { examples: [example] }), ...schema };
}

/** Takes back that an object has no fields but its own: strict clients would refuse those that it comes to have. */
function leaveOpen({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** The JSON Schema of what a zod schema takes ("input") or gives ("output"), its fields explained. */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output", glossary: Glossary = {}): JsonSchema {
  const override = io === "output" ? leaveOpen : () => undefined;
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", override });
  return tidied(rest as JsonSchema, glossary);
}

function exampleOfObject({ properties = {}, required = [] }: JsonSchema): object {
  // What may only be absent or null is left out.
  const shown = Object.entries(properties).filter(
    (entry): entry is [string, JsonSchema] =>
      isSchema(entry[1]) && (entry[1].type !== "null" || required.includes(entry[0])),
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property)]));
}

/** A value that fits a schema, as one would type it to begin with. */
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
