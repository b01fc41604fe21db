import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { contracts } from "@/app/api/contracts";
import { apiDocument } from "@/app/api/document";
import { errorsOf } from "@/lib/request/openapi";
import { restErrors } from "@/lib/request/rest-errors";
import type { SessionKind } from "@/prisma/generated/enums";
import { makeUser } from "./accounts";
import { ADDRESS, loggedIn } from "./actors";
import { withoutExtraFields } from "./without-extra-fields";

type Handler = (request: Request, context: { params: Promise<object> }) => Promise<Response>;

const API = path.resolve("app/api");

/** The file of every API route, by its address in OpenAPI's notation. */
export const routeFiles: ReadonlyMap<string, string> = new Map(
  readdirSync(API, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "route.ts")
    .map((file) => {
      const address = path.dirname(file).replace(/\[(\w+)\]/g, "{$1}");
      return [`/api/${address}`, path.join(API, file)];
    }),
);

const document = apiDocument("http://localhost:3000");

/** Finds the route for a path; an address without parameters wins. */
function matching(pathname: string): { address: string; params: object } {
  const all = [...routeFiles.keys()].sort((a, b) => a.split("{").length - b.split("{").length);
  for (const address of all) {
    const pattern = new RegExp(`^${address.replaceAll(".", "\\.").replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
    const match = pattern.exec(pathname);
    if (match) return { address, params: { ...match.groups } };
  }
  throw new Error(`There is no route ${pathname}.`);
}

export type Sent = {
  token?: string | undefined;
  headers?: Record<string, string>;
  /** An object is sent as JSON; text and a blob are sent as they are. */
  body?: unknown;
  address?: string;
};
export type Got = { status: number; headers: Headers; text: string; json: Record<string, unknown> };

function toRequest(method: string, target: string, { token, headers = {}, body, address = ADDRESS }: Sent) {
  return new Request(new URL(target, "http://localhost:3000"), {
    method,
    headers: {
      "x-gatehouse-address": address,
      "x-request-id": randomUUID(),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { "x-authorization": `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && {
      body: typeof body === "string" || body instanceof Blob ? body : JSON.stringify(body),
    }),
  });
}

/** Expects that the OpenAPI document promises this answer: its status, headers, error and body. */
function expectPromised(method: string, address: string, { status, headers, text, json }: Got): void {
  expect(headers.get("cache-control")).toBe("no-store");
  const contract = contracts.find((one) => one.path === address && one.method === method);
  if (status >= 400) {
    const names = Object.values(restErrors);
    expect(names.map((error) => [error.status, error.errorCode])).toContainEqual([status, json.errorCode]);
    expect(Object.keys(json)).toEqual(
      expect.arrayContaining(["status", "message", "errorCode", "timestamp"]),
    );
    expect(json.status).toBe(status);
    expect(text).not.toMatch(/\n\s+at |SELECT|prisma|node_modules/i);
  }
  if (!contract) {
    expect(status).toBe(405);
    return;
  }
  const promised = document.paths[address]?.[method.toLowerCase()]?.responses[status];
  expect(promised, `${method} ${address} promises ${status}`).toBeDefined();
  for (const name of Object.keys(promised?.headers ?? {})) expect(headers.get(name), name).toBeTruthy();
  const [type, media] = Object.entries(promised?.content ?? {})[0] ?? [];
  expect(headers.get("content-type")?.split(";")[0]).toBe(type);
  if (!media) expect(text).toBe("");
  if (type !== "application/json" || !media) return;
  if (status >= 400) {
    const own = errorsOf(contract).map((name) => restErrors[name]);
    expect(own.map((error) => [error.status, error.errorCode])).toContainEqual([status, json.errorCode]);
  }
  const resolved = media.schema.$ref ? document.components.schemas.Error : media.schema;
  expect(z.fromJSONSchema(withoutExtraFields(resolved)).parse(json)).toEqual(json);
}

/** Calls a route's handler as the server does, and checks the answer against the OpenAPI document. */
export async function call(method: string, target: string, sent: Sent = {}): Promise<Got> {
  const { address, params } = matching(new URL(target, "http://localhost").pathname);
  const route: Record<string, Handler> = await import(/* @vite-ignore */ routeFiles.get(address) ?? "");
  const handler = route[method];
  if (!handler) throw new Error(`${address} exports no ${method}.`);
  const response = await handler(toRequest(method, target, sent), { params: Promise.resolve(params) });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const got = {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : {},
  };
  if (method !== "HEAD") expectPromised(method, address, got);
  return got;
}

/** Status and errorCode, by which programs tell answers apart. */
export const outcome = ({ status, json }: Got) => [status, json.errorCode ?? null];

/** Makes an account and logs it in. @returns its user, session and tokens */
export async function tokensOf(
  wanted: Parameters<typeof makeUser>[0] = {},
  options: { kind?: SessionKind; now?: Date } = {},
) {
  const user = await makeUser(wanted);
  const session = await loggedIn(user, { kind: "REST", ...options });
  return { user, ...session, refreshToken: session.refreshToken ?? "" };
}
