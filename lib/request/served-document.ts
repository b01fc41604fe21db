import { isSchema, type JsonSchema } from "./json-schema";
import { type ApiDocument, failureOf } from "./openapi";
import type { RestErrorName } from "./rest-errors";

/** The errors that a call may meet before its route handles it, because of its host, path, method or format. */
const PRE_ROUTE_ERRORS: readonly RestErrorName[] = [
  "unreadable",
  "not-found",
  "wrong-method",
  "too-slow",
  "too-large",
  "misdirected",
  "headers-too-large",
];

/**
 * Returns a copy in which each object schema with a title is a reference, and moves that schema to `schemas`.
 * @throws Error if two different schemas have the same title
 */
function named(value: unknown, schemas: Map<string, JsonSchema>): unknown {
  if (Array.isArray(value)) return value.map((item) => named(item, schemas));
  if (!isSchema(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, schemas)]));
  if (typeof copy.title !== "string" || !copy.properties) return copy;
  // The description is of the field that holds the schema, so it stays beside the reference.
  const { title, description, ...schema } = copy;
  const known = schemas.get(title);
  if (known && JSON.stringify(known) !== JSON.stringify(schema))
    throw new Error(`There are two of ${title}.`);
  schemas.set(title, schema);
  return { $ref: `#/components/schemas/${title}`, ...(description !== undefined && { description }) };
}

/**
 * Returns the document as programs read it. A schema that several calls answer with becomes one named schema, of which
 * generated clients make one type. Every call lists the errors that any call may meet.
 */
export function servedDocument(document: ApiDocument) {
  const schemas = new Map<string, JsonSchema>(Object.entries(document.components.schemas));
  const withRefusals = Object.entries(document.paths).map(([path, operations]) => {
    const all = Object.entries(operations).map(([method, operation]) => {
      const refused = { $ref: "#/components/responses/Refused" };
      return [method, { ...operation, responses: { ...operation.responses, default: refused } }] as const;
    });
    return [path, Object.fromEntries(all)] as const;
  });
  const paths = named(Object.fromEntries(withRefusals), schemas);
  const description = "Refused before the call was processed.";
  const responses = { Refused: { ...failureOf(PRE_ROUTE_ERRORS), description } };
  return {
    ...document,
    paths,
    components: { ...document.components, schemas: Object.fromEntries(schemas), responses },
  };
}
