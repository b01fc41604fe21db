import { expect } from "@playwright/test";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { closed } from "@/tests/support/closed-schema";
import { type Got, send } from "../client";
import { expectSecure } from "../secure-answer";

/** A call's answer; `json` is empty where there is none. */
export type Answer = Got & { json: Record<string, unknown> };

type Operation = {
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
};
export type Document = { paths: Record<string, Record<string, Operation>> };

/** What any call may be refused with before its own code is asked: by the HTTP front, or for its method or address. */
const AT_THE_DOOR = new Set([404, 405, 408, 413, 421, 431]);
/** HTTP status → the numbers that ThingsBoard's clients know, and rest-api's table. */
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
/** How far apart an answer's two times may be: its timestamp, and its header, which tells whole seconds. */
const CLOCK_MS = 2_000;

const pointer = (...parts: string[]) =>
  parts.map((part) => `/${encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

/** The served description, as something that answers can be held to. */
export class Promises {
  private readonly ajv = new Ajv2020({
    strict: false,
    formats: {
      uuid: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
      email: /^[^\s@]+@[^\s@]+$/,
      uri: /^https?:\/\/\S+$/,
    },
  });

  private constructor(readonly document: Document) {
    this.ajv.addSchema(document, "openapi");
    this.ajv.addSchema(closed(document), "answers");
  }

  static async read(url: string): Promise<Promises> {
    const { body } = await send(url, { path: "/api/openapi.json" });
    return new Promises(JSON.parse(body));
  }

  /** Every call of the description, as `GET /api/auth/user`. */
  calls(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** The description's path for an address: `/api/user/{id}`. */
  private pathOf(address: string): string | undefined {
    const paths = Object.keys(this.document.paths);
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

  private expectFit(validate: ValidateFunction, value: unknown, name: string): void {
    expect(validate(value) ? [] : validate.errors, name).toEqual([]);
  }

  /** Holds a body that was taken to the description of what is taken. */
  expectTaken(method: string, address: string, body: unknown, name: string): void {
    const path = this.pathOf(address) ?? "";
    const parts = ["requestBody", "content", "application/json", "schema"];
    this.expectFit(this.validator("openapi", "paths", path, method.toLowerCase(), ...parts), body, name);
  }

  /** Holds an answer to the description, and to what all answers have in common. */
  expectKept(method: string, address: string, answer: Answer, name: string): void {
    const { status, headers, body, json } = answer;
    expectSecure(answer, name);
    expect(headers["cache-control"], name).toBe("no-store");
    expect(headers["content-type"] ?? "", name).not.toContain("html");
    expect(body, name).not.toMatch(/\bat .+:\d+:\d+|node_modules|SELECT |prisma|postgres/i);
    const path = this.pathOf(address);
    const operation = this.document.paths[path ?? ""]?.[method.toLowerCase()];
    if (status >= 400 && method !== "HEAD") {
      expect(headers["content-type"], name).toBe("application/json");
      this.expectFit(this.validator("answers", "components", "schemas", "Error"), json, name);
      expect(json.status, name).toBe(status);
      expect(ERROR_CODES[status], name).toContain(json.errorCode);
      const answeredAt = headers.date ? Date.parse(headers.date) : Date.now();
      expect(Math.abs(Number(json.timestamp) - answeredAt), name).toBeLessThan(CLOCK_MS);
    }
    if (status === 429 || status === 503) expect(headers["retry-after"], name).toMatch(/^[1-9]\d*$/);
    if (status === 405) expect(headers.allow, name).toMatch(/^[A-Z]+(?:, [A-Z]+)*$/);
    if (!path || !operation || AT_THE_DOOR.has(status)) return;
    const promised = operation.responses[status];
    expect(promised, `${name}: ${status} is promised`).toBeDefined();
    if (promised?.content?.["application/json"]) {
      const parts = ["responses", String(status), "content", "application/json", "schema"];
      this.expectFit(this.validator("answers", "paths", path, method.toLowerCase(), ...parts), json, name);
    } else if (!promised?.content) {
      expect([headers["content-length"], body], name).toEqual(["0", ""]);
    }
  }
}
