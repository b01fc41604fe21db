import { expect } from "@playwright/test";
import { loggedPath } from "@/server/logged-path";
import type { Product } from "../../fixtures/product";
import { type Got, send } from "../client";
import { type Answer, ApiDocument } from "./api-document";

export type RequestOptions = {
  /** Sent as `X-Authorization: Bearer …`. */
  token?: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON; text and bytes are sent as they are. */
  body?: unknown;
};

/** The names of fields whose values must not appear in a log. */
const SECRETS = /^(?:password|currentPassword|newPassword|token|\w+Token)$/;
/** Shorter secrets would match log text by accident. */
const MIN_SECRET = 8;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const isWritten = (body: unknown): body is string | Buffer =>
  typeof body === "string" || Buffer.isBuffer(body);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A REST client that checks each answer against the OpenAPI document, and the log for its calls. */
export class RestClient {
  private readonly secrets = new Set<string>();
  private readonly calls: { requestId: string; method: string; path: string; status: number }[] = [];
  private readonly loggedBefore: number;
  private isAway = false;

  private constructor(
    readonly product: Product,
    readonly document: ApiDocument,
  ) {
    this.loggedBefore = product.output().length;
  }

  static async of(product: Product): Promise<RestClient> {
    return new RestClient(product, await ApiDocument.read(product.url));
  }

  /** Sends a request, `path` with its query exactly as it stands, and checks the answer. */
  async call(
    method: string,
    path: string,
    { token, headers = {}, body }: RequestOptions = {},
  ): Promise<Answer> {
    const answer = await send(this.product.url, {
      method,
      path,
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(token !== undefined && { "x-authorization": `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isWritten(body) ? body : JSON.stringify(body) }),
    });
    if (token !== undefined) this.keepSecret(token);
    const asked = isWritten(body) ? parsed(String(body)) : body;
    this.keepSecrets(asked);
    const read = this.read(method, path, answer);
    if (read.status === 200 && isObject(asked)) {
      this.document.expectAcceptedBody(method, path.split("?")[0] ?? "", asked, `${method} ${path}`);
    }
    return read;
  }

  /** Checks and records an answer that another client has received. */
  read(method: string, path: string, got: Got): Answer {
    const isJson = got.headers["content-type"]?.startsWith("application/json") && got.body !== "";
    const json = isJson ? JSON.parse(got.body) : {};
    const answer = { ...got, json };
    const [address = ""] = path.split("?");
    this.document.expectAnswer(method, address, answer, `${method} ${path}: ${got.status} ${got.body}`);
    this.calls.push({
      requestId: got.headers["x-request-id"] ?? "",
      method,
      path: address,
      status: got.status,
    });
    this.keepSecrets(json);
    return answer;
  }

  keepSecret(text: string): void {
    if (text.length >= MIN_SECRET) this.secrets.add(text);
    const signature = text.split(".")[2];
    if (signature !== undefined && signature.length >= MIN_SECRET) this.secrets.add(signature);
  }

  private keepSecrets(value: unknown): void {
    if (!isObject(value)) return;
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === "string" && SECRETS.test(name)) this.keepSecret(inner);
    }
  }

  /** Every log line since the client was made. */
  private lines(): Record<string, unknown>[] {
    return this.printed()
      .split("\n")
      .map((line): unknown => parsed(line))
      .filter(isObject);
  }

  private printed(): string {
    return this.product.output().slice(this.loggedBefore);
  }

  /** The ids of the requests that failed because the database was too slow; after this, `expectLogged` allows them. */
  unavailable(): string[] {
    const failed = this.lines().filter(
      ({ event, code }) => event === "rest-call-failed" && code === "unavailable",
    );
    this.isAway = failed.length > 0;
    return failed.map(({ requestId }) => String(requestId));
  }

  /** Checks that the log has a line for each call, under the id in the answer, and contains no secret. */
  async expectLogged(): Promise<void> {
    const requests = () =>
      this.lines().filter(({ event }) => event === "request" || event === "request-broken");
    const byId = () => new Map(requests().map((line) => [line.requestId, line]));
    await expect
      .poll(() => {
        const known = byId();
        return this.calls.filter(({ requestId }) => !known.has(requestId));
      })
      .toEqual([]);
    const lines = this.lines();
    const logged = byId();
    const isRight = ({ requestId, method, path, status }: (typeof this.calls)[number]) => {
      const line = logged.get(requestId);
      if (line?.status !== status) return false;
      return (
        line.event !== "request" || (line.method === method && line.path === loggedPath(path).slice(0, 500))
      );
    };
    const wrong = this.calls.filter((call) => !isRight(call));
    expect(
      wrong.map((call) => ({ call, line: logged.get(call.requestId) })),
      "each call is logged as it was",
    ).toEqual([]);
    const failed = lines.filter(({ event }) => event === "rest-call-failed" || event === "request-failed");
    const isExpected = ({ code }: Record<string, unknown>) => this.isAway && code === "unavailable";
    expect(
      failed.filter((line) => !isExpected(line)),
      "nothing failed",
    ).toEqual([]);
    const printed = this.printed();
    expect(
      [...this.secrets].filter((secret) => printed.includes(secret)),
      "nothing secret is logged",
    ).toEqual([]);
  }
}

/** Status and errorCode, by which programs tell answers apart. */
export const outcome = ({ status, json }: Answer): [number, unknown] => [status, json.errorCode ?? null];
