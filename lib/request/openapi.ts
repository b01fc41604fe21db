import { z } from "zod";
import type { Access, Contract } from "./contract";
import { exampleOf, type Glossary, isSchema, type JsonSchema, jsonSchemaOf } from "./json-schema";
import type { Answer, Content, Operation, Parameter } from "./operation";
import { errorBody, type RestErrorName, restErrors } from "./rest-errors";

const smallNumber = z.int().meta({ format: "int32" });

/** The body of every failed call. */
const errorSchema = z.object({
  status: smallNumber,
  message: z.string(),
  errorCode: smallNumber,
  timestamp: z.int(),
  fieldErrors: z.record(z.string(), z.array(z.string())).optional(),
  resetToken: z.string().optional(),
});

/** A group of calls; a tag in OpenAPI. */
export type Area = {
  name: string;
  description: string;
  /** The path segments after `/api/` that belong to the group. */
  segments: readonly string[];
  /** The paths that are listed first; the others follow in alphabetical order. */
  first?: readonly string[];
};

/** The texts of the document beyond the contracts. */
export type DocumentWords = {
  /** Where people reach the server: `https://gatehouse.example.org`. */
  origin: string;
  /** What applies to all calls, in Markdown. */
  description: string;
  areas: readonly Area[];
  glossary: Glossary;
};

/** Says in a sentence who may make a call. */
export const whoMay: Record<Access, string> = {
  anyone: "Anyone can call it, without a token.",
  person: "Anyone with a token can call it.",
  administrator: "Only system administrators can call it.",
};
const retryAfter = {
  "Retry-After": {
    description: "How long to wait before trying again, in seconds.",
    schema: { type: "integer", minimum: 1 },
  },
} satisfies Answer["headers"];
const allow = {
  Allow: { description: "With 405: the methods that this path has.", schema: { type: "string" } },
} satisfies Answer["headers"];
const location = {
  Location: { description: "The address of the page.", schema: { type: "string", format: "uri" } },
} satisfies Answer["headers"];
const ANSWERED_AT = 1_717_517_647_722;

const jsonContent = (schema: JsonSchema): Content => ({
  "application/json": { schema, example: exampleOf(schema) },
});

/** JSON under another Content-Type is text to a client that goes by the type: its quotes are part of the value. */
const jsonAsText = (schema: JsonSchema): Content[string] => ({
  schema: { type: "string" },
  example: JSON.stringify(exampleOf(schema)),
});

/** Returns the errors that a call can answer with: its own, those of its access and its input, and server failures. */
export function errorsOf({ access, body, query, params, errors = [], invalid }: Contract): RestErrorName[] {
  const takes = body ?? query ?? params;
  return [
    ...(access === "anyone" ? [] : (["unauthenticated", "token-expired"] as const)),
    ...(access === "administrator" ? (["forbidden"] as const) : []),
    ...(takes ? [invalid ?? "bad-request"] : []),
    // A body that is not JSON is a bad request for every call, whatever `invalid` says.
    ...(body ? (["bad-request", "too-large", "no-json"] as const) : []),
    ...errors,
    "unexpected",
    "unavailable",
  ];
}

/** Returns the OpenAPI response for one or more errors, with an example of each. */
export function failureOf(names: readonly RestErrorName[]): Answer {
  const examples = names.map((name) => {
    const summary = `${restErrors[name].errorCode}: ${restErrors[name].message}`;
    return [name, { summary, value: errorBody(name, {}, ANSWERED_AT) }] as const;
  });
  const isLater = names.some((name) => [429, 503].includes(restErrors[name].status));
  const headers = { ...(isLater && retryAfter), ...(names.includes("wrong-method") && allow) };
  return {
    description: examples.map(([, { summary }]) => summary).join("\n"),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      "application/json": {
        schema: { $ref: "#/components/schemas/Error" },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function failuresOf(contract: Contract): Record<string, Answer> {
  const names = [...new Set(errorsOf(contract))];
  const statuses = [...new Set(names.map((name) => restErrors[name].status))];
  const failures = statuses.map((status) => {
    const answer = failureOf(names.filter((name) => restErrors[name].status === status));
    return [String(status), answer] as const;
  });
  return Object.fromEntries(failures);
}

function successOf({ answer, answerType }: Contract, glossary: Glossary): Record<string, Answer> {
  if (answer === "redirect")
    return { 303: { description: "Redirects to the page in Location.", headers: location } };
  if (answer === "nothing") return { 200: { description: "Success. The body is empty." } };
  if (answer === "text") {
    return { 200: { description: "Success.", content: { "text/plain": { schema: { type: "string" } } } } };
  }
  const json = jsonSchemaOf(answer, "output", glossary);
  if (answerType) {
    return {
      200: {
        description: "Success. The body is JSON all the same.",
        content: { [answerType]: jsonAsText(json) },
      },
    };
  }
  return { 200: { description: "Success.", content: jsonContent(json) } };
}

function parametersOf(
  schema: z.ZodType | undefined,
  place: "path" | "query",
  glossary: Glossary,
): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema, "input", glossary);
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = isSchema(property) ? property : {};
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
}

/** `POST /api/user/{id}/x` → `postUserIdX`: a name for generated clients, and an anchor. */
function operationIdOf({ method, path }: Contract): string {
  const words = path.split(/[^A-Za-z0-9]+/).slice(2);
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join(
    "",
  );
}

function areaOf({ path }: Contract, areas: readonly Area[]): Area {
  const segment = path.split("/")[2] ?? "";
  const area = areas.find(({ segments }) => segments.includes(segment));
  if (!area) throw new Error(`No area of the API has ${path}.`);
  return area;
}

function operationOf(contract: Contract, { areas, glossary }: DocumentWords): Operation {
  const { summary, warning, access, body, params, query } = contract;
  return {
    operationId: operationIdOf(contract),
    tags: [areaOf(contract, areas).name],
    summary,
    description: [whoMay[access], warning].filter(Boolean).join(" "),
    security: access === "anyone" ? [] : [{ bearer: [] }],
    parameters: [...parametersOf(params, "path", glossary), ...parametersOf(query, "query", glossary)],
    ...(body && {
      requestBody: { required: true, content: jsonContent(jsonSchemaOf(body, "input", glossary)) },
    }),
    responses: { ...failuresOf(contract), ...successOf(contract, glossary) },
  };
}

/** Sorts the calls by area; within an area, its first paths come first, and the others follow by path and method. */
function inOrder(contracts: readonly Contract[], { areas }: DocumentWords): Contract[] {
  const keyOf = (contract: Contract) => {
    const area = areaOf(contract, areas);
    const rank = area.first?.indexOf(contract.path) ?? -1;
    return { area: areas.indexOf(area), rank: rank < 0 ? Number.POSITIVE_INFINITY : rank };
  };
  const methods = ["GET", "POST", "DELETE"];
  return contracts.toSorted((one, other) => {
    const [a, b] = [keyOf(one), keyOf(other)];
    if (a.area !== b.area) return a.area - b.area;
    if (a.rank !== b.rank) return a.rank - b.rank;
    if (one.path !== other.path) return one.path < other.path ? -1 : 1;
    return methods.indexOf(one.method) - methods.indexOf(other.method);
  });
}

/** Builds the OpenAPI 3.1 document of the calls from the schemas by which their routes check input and output. */
export function openApiDocument(contracts: readonly Contract[], words: DocumentWords) {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const contract of inOrder(contracts, words)) {
    paths[contract.path] = {
      ...paths[contract.path],
      [contract.method.toLowerCase()]: operationOf(contract, words),
    };
  }
  const used = new Set(contracts.map((contract) => areaOf(contract, words.areas).name));
  return {
    openapi: "3.1.0" as const,
    info: {
      title: "Gatehouse",
      version: "1",
      description: words.description,
    },
    servers: [{ url: words.origin }],
    tags: words.areas
      .filter(({ name }) => used.has(name))
      .map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas: { Error: jsonSchemaOf(errorSchema, "output", words.glossary) },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          // As a scheme of its own, X-Authorization would be an API key, and generated clients would send it in
          // addition, without "Bearer".
          description: "Or in `X-Authorization: Bearer …`, which takes precedence over `Authorization`.",
        },
      },
    },
  };
}
export type ApiDocument = ReturnType<typeof openApiDocument>;
