import { expect } from "@playwright/test";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { withoutExtraFields } from "@/tests/support/without-extra-fields";
import { failedChecks } from "../checks";
import { type Got, send } from "../client";
import { weaknesses } from "../secure-answer";

/** A call's answer; `json` is `{}` for a body that is not JSON. */
export type Answer = Got & { json: Record<string, unknown> };

type Operation = {
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
};
export type OpenApiDocument = { paths: Record<string, Record<string, Operation>> };

/** The statuses with which any call may be refused before its own code runs: by the HTTP front or the router. */
const PRE_ROUTE_STATUSES = new Set([404, 405, 408, 413, 421, 431]);
/** HTTP status → the `errorCode`s that may come with it; they are the numbers that ThingsBoard's clients know. */
const ERROR_CODES: Readonly<Record<number, readonly number[]>> = {
  400: [31],
  401: [10, 11, 15, 45],
  403: [20],
  404: [32],
  405: [31],
  408: [31],
  409: [31, 35],
  413: [31],
  415: [31],
  421: [31],
  429: [33],
  431: [31],
  503: [2],
};
/** The allowed difference between an error's timestamp and the Date header, which has whole seconds. */
const CLOCK_MS = 2_000;

const pointer = (...parts: string[]) =>
  parts.map((part) => `/${encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

/** Instances by the document's text, so that its schemas are compiled once. */
const cache = new Map<string, ApiDocument>();

/** The served OpenAPI document, against which bodies and answers are validated. */
export class ApiDocument {
  private readonly ajv = new Ajv2020({
    strict: false,
    formats: {
      uuid: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
      email: /^[^\s@]+@[^\s@]+$/,
      uri: /^https?:\/\/\S+$/,
      int32: true,
      int64: true,
    },
  });

  private constructor(readonly content: OpenApiDocument) {
    this.ajv.addSchema(content, "openapi");
    this.ajv.addSchema(withoutExtraFields(content), "answers");
  }

  static async read(url: string): Promise<ApiDocument> {
    const { body } = await send(url, { path: "/api/openapi.json" });
    const apiDocument = cache.get(body) ?? new ApiDocument(JSON.parse(body));
    cache.set(body, apiDocument);
    return apiDocument;
  }

  /** Every call of the document, as `GET /api/auth/user`. */
  calls(): string[] {
    return Object.entries(this.content.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** The document's path for an address: `/api/user/{id}`. */
  private pathOf(address: string): string | undefined {
    const paths = Object.keys(this.content.paths);
    if (paths.includes(address)) return address;
    return paths.find((path) =>
      new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(address),
    );
  }

  private validator(document: "openapi" | "answers", ...parts: string[]): ValidateFunction {
    const found = this.ajv.getSchema(`${document}#${pointer(...parts)}`);
    if (!found) throw new Error(`The description has no ${parts.join(" ")}.`);
    return found;
  }

  /** The violations of the schema at `where` by a value. */
  private schemaViolations(value: unknown, ...where: Parameters<ApiDocument["validator"]>): string[] {
    const validate = this.validator(...where);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** Checks a request body that the server accepted against its documented schema. */
  expectAcceptedBody(method: string, address: string, body: unknown, name: string): void {
    const path = this.pathOf(address) ?? "";
    const parts = ["requestBody", "content", "application/json", "schema"];
    expect(
      this.schemaViolations(body, "openapi", "paths", path, method.toLowerCase(), ...parts),
      name,
    ).toEqual([]);
  }

  /** Checks an answer against the document, and for what all answers have in common. */
  expectAnswer(method: string, address: string, answer: Answer, name: string): void {
    const violations = [
      ...weaknesses(answer),
      ...this.generalViolations(method, answer),
      ...this.callViolations(method, this.pathOf(address), answer),
    ];
    expect(violations, `${name} ${JSON.stringify(answer.headers)}`).toEqual([]);
  }

  private generalViolations(method: string, { status, headers, body, json }: Answer): string[] {
    const common = failedChecks({
      "is not stored": headers["cache-control"] === "no-store",
      "is no page": !headers["content-type"]?.includes("html"),
      "tells nothing of the code": !/\bat .+:\d+:\d+|node_modules|SELECT |prisma|postgres/i.test(body),
      "says when to come again":
        ![429, 503].includes(status) || /^[1-9]\d*$/.test(headers["retry-after"] ?? ""),
      "says how to log in (RFC 6750, 3)":
        status !== 401 || headers["www-authenticate"] === 'Bearer realm="Gatehouse"',
      "says which methods there are": status !== 405 || /^[A-Z]+(?:, [A-Z]+)*$/.test(headers.allow ?? ""),
    });
    if (status < 400 || method === "HEAD") return common;
    const answeredAt = headers.date ? Date.parse(headers.date) : Date.now();
    return [
      ...common,
      ...this.schemaViolations(json, "answers", "components", "schemas", "Error"),
      ...failedChecks({
        "is JSON": headers["content-type"] === "application/json",
        "repeats its status": json.status === status,
        "has an errorCode of its status": ERROR_CODES[status]?.includes(Number(json.errorCode)) ?? false,
        "tells the time": Math.abs(Number(json.timestamp) - answeredAt) < CLOCK_MS,
      }),
    ];
  }

  private callViolations(method: string, path: string | undefined, answer: Answer): string[] {
    const { status, headers, body, json } = answer;
    const operation = this.content.paths[path ?? ""]?.[method.toLowerCase()];
    if (!path || !operation || PRE_ROUTE_STATUSES.has(status)) return [];
    const promised = operation.responses[status];
    if (!promised) return [`${status} is not promised`];
    if (promised.content?.["application/json"]) {
      const parts = ["responses", String(status), "content", "application/json", "schema"];
      return this.schemaViolations(json, "answers", "paths", path, method.toLowerCase(), ...parts);
    }
    return failedChecks({
      "is empty": promised.content !== undefined || (headers["content-length"] === "0" && body === ""),
    });
  }
}
