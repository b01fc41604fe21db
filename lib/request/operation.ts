import type { JsonSchema } from "./json-schema";

// The parts of OpenAPI 3.1 that our document uses.

export type Parameter = {
  name: string;
  in: "path" | "query";
  required: boolean;
  description?: string;
  schema: JsonSchema;
};

type Header = { description: string; schema: JsonSchema };
type Example = { summary: string; value: unknown };
type Media = { schema: JsonSchema; example?: unknown; examples?: Record<string, Example> };
export type Content = Record<string, Media>;

export type Answer = { description: string; headers?: Record<string, Header>; content?: Content };

/** One call. */
export type Operation = {
  operationId: string;
  tags: [string];
  summary: string;
  description: string;
  security: Record<string, never[]>[];
  parameters: Parameter[];
  requestBody?: { required: true; content: Content };
  responses: Record<string, Answer>;
};
