import { z } from "zod";
import type { Contract } from "./contract";
import { type RestErrorName, restErrors } from "./rest-errors";

/** The body of every failed call. */
export const errorSchema = z.object({
  status: z.int(),
  message: z.string(),
  errorCode: z.int(),
  timestamp: z.int(),
  fieldErrors: z.record(z.string(), z.array(z.string())).optional(),
  resetToken: z.string().optional(),
});

const json = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
};
const jsonContent = (schema: object) => ({ "application/json": { schema } });

/** The errors that a call can be answered with: its own, and those of its access, its input, and bad weather. */
export function errorsOf({ access, body, query, params, errors = [], invalid }: Contract): RestErrorName[] {
  const takes = body ?? query ?? params;
  return [
    ...(access === "anyone" ? [] : (["unauthenticated", "token-expired"] as const)),
    ...(access === "administrator" ? (["forbidden"] as const) : []),
    ...(takes ? [invalid ?? "bad-request"] : []),
    // Text that is no JSON is a bad request everywhere.
    ...(body ? (["bad-request", "too-large", "no-json"] as const) : []),
    ...errors,
    "unexpected",
    "unavailable",
  ];
}

function responsesOf(contract: Contract): object {
  const byStatus = new Map<number, Set<string>>();
  for (const name of errorsOf(contract)) {
    const { status, errorCode, message } = restErrors[name];
    const texts = byStatus.get(status) ?? new Set();
    byStatus.set(status, texts.add(`${errorCode}: ${message}`));
  }
  const content = jsonContent({ $ref: "#/components/schemas/Error" });
  const failures = [...byStatus].map(([status, texts]) => [
    String(status),
    { description: [...texts].join("\n"), content },
  ]);
  return { ...Object.fromEntries(failures), ...successOf(contract) };
}

function successOf({ answer }: Contract): object {
  if (answer === "redirect") return { 303: { description: "See Location." } };
  if (answer === "nothing") return { 200: { description: "Done." } };
  if (answer === "text") {
    return { 200: { description: "Done.", content: { "text/plain": { schema: { type: "string" } } } } };
  }
  return { 200: { description: "Done.", content: jsonContent(json(answer, "output")) } };
}

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = json(schema, "input");
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: property,
  }));
}

function operationOf(contract: Contract): object {
  const { summary, access, body, params, query } = contract;
  return {
    summary,
    security: access === "anyone" ? [] : [{ bearer: [] }, { xAuthorization: [] }],
    parameters: [...parametersOf(params, "path"), ...parametersOf(query, "query")],
    ...(body && { requestBody: { required: true, content: jsonContent(json(body, "input")) } }),
    responses: responsesOf(contract),
  };
}

/** OpenAPI 3.1 of the calls, made from the schemas that their routes check with. */
export function openApiDocument(contracts: readonly Contract[]) {
  const paths: Record<string, Record<string, object>> = {};
  for (const contract of contracts) {
    paths[contract.path] = {
      ...paths[contract.path],
      [contract.method.toLowerCase()]: operationOf(contract),
    };
  }
  return {
    openapi: "3.1.0" as const,
    info: { title: "Gatehouse", version: "1" },
    paths,
    components: {
      schemas: { Error: json(errorSchema, "output") },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        xAuthorization: { type: "apiKey", in: "header", name: "X-Authorization" },
      },
    },
  };
}
