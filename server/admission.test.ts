import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { restErrors } from "@/lib/request/rest-errors";
import { normaliseCall, rejectionOf } from "./admission";

const BASE = "https://id.example.org";

const statusOf = (
  method: string,
  url: string,
  headers: Record<string, string> = {},
  host = "id.example.org",
) => {
  const request = { method, url, headers: { host, ...headers } } as unknown as IncomingMessage;
  const rejection = rejectionOf(request, host, BASE);
  return rejection ? restErrors[rejection.error].status : 200;
};

describe("a request", () => {
  it.each<[string, string, number]>([
    ["GET", "/login", 200],
    ["HEAD", "/login?next=%2Faudit", 200],
    ["GET", "//evil.example/", 400],
    ["GET", "/\\evil.example/", 400],
    ["GET", "http://evil.example/", 400],
    ["GET", "*", 400],
    ["GET", "/a b", 400],
    ["GET", "/users/%F0%9F%94%91", 200],
    ["GET", "/users/%FF", 400],
    ["POST", "/users/%C0%80", 400],
    ["GET", "/users/%E0%A4", 400],
    ["PUT", "/login", 405],
    ["POST", "/favicon.ico", 405],
    ["POST", "/_next/static/x.js", 405],
    ["OPTIONS", "/login", 405],
    ["TRACE", "/login", 405],
    ["TRACE", "/api/health", 200],
    ["DELETE", "/api/anything", 200],
    ["POST", "/API/auth/login", 404],
    ["POST", "/api/auth/login/", 404],
    ["POST", "/api/../login", 404],
    ["GET", "//api/auth/user", 404],
    ["GET", "/api/auth/user?x=\\", 400],
  ])("%s %s gets %i", (method, url, status) => {
    expect(statusOf(method, url)).toBe(status);
  });

  it("with more parameters than Next has time for is turned away", () => {
    expect(statusOf("GET", `/audit?${"a=&".repeat(99)}a`)).toBe(200);
    expect(statusOf("GET", `/audit?${"a=&".repeat(100)}a`)).toBe(400);
    expect(statusOf("GET", `/api/noauth/activate?${"&".repeat(5_000)}`)).toBe(400);
  });

  it.each(["nxtPid=1", "a=&nxtIid=1", "%6e%78%74%50id=1", "a=&%6Ext%49id=1"])(
    "with %s, which Next would take for a parameter of its own, is turned away",
    (query) => {
      expect(statusOf("GET", `/users?${query}`)).toBe(400);
      expect(statusOf("GET", `/api/noauth/activate?${query}`)).toBe(400);
      expect(statusOf("GET", `/login?next=${query}`)).toBe(query.includes("&") ? 400 : 200);
    },
  );

  it("with more cookies than Next has time for is turned away, unless it is a call, which brings none", () => {
    const cookies = (count: number) => ({ cookie: Array<string>(count).fill("a=1").join("; ") });
    expect(statusOf("GET", "/login", cookies(200))).toBe(200);
    expect(statusOf("GET", "/login", cookies(201))).toBe(431);
    expect(statusOf("POST", "/login", { origin: BASE, ...cookies(2_500) })).toBe(431);
    expect(statusOf("GET", "/api/health", cookies(2_500))).toBe(200);
  });

  it("with more headers than Next has time for is turned away", () => {
    const headers = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, ""]));
    for (const path of ["/login", "/api/auth/user"]) {
      expect(statusOf("GET", path, headers(199))).toBe(200);
      expect(statusOf("GET", path, headers(200))).toBe(431);
    }
  });

  it("for another host name is turned away, except a health check", () => {
    expect(statusOf("GET", "/login", {}, "evil.example")).toBe(421);
    expect(statusOf("GET", "/login", {}, "id.example.org@evil.example")).toBe(421);
    expect(statusOf("GET", "/api/health", {}, "10.0.0.7:3000")).toBe(200);
    expect(statusOf("GET", "/api/healthy", {}, "10.0.0.7:3000")).toBe(421);
    const request = { method: "GET", url: "/login", headers: {} } as unknown as IncomingMessage;
    expect(rejectionOf(request, "10.0.0.7", BASE)?.text).toBe(
      `Gatehouse is at ${BASE}. To use another address, set BASE_URL to it.`,
    );
  });

  it.each<[Record<string, string>, number]>([
    [{ origin: BASE, "sec-fetch-site": "same-origin" }, 200],
    [{ origin: "null", "sec-fetch-site": "same-origin" }, 200],
    [{ origin: BASE }, 200],
    [{}, 403],
    [{ origin: "null" }, 403],
    [{ origin: "https://evil.example" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ origin: BASE, "sec-fetch-site": "same-site" }, 403],
  ])("posted with %j gets %i", (headers, status) => {
    expect(statusOf("POST", "/login", headers)).toBe(status);
  });

  it.each<[string, number]>([
    [encodeURIComponent('["",{"children":["login",{}]},null,null]'), 200],
    ["garbage", 400],
    ["%", 400],
    [encodeURIComponent('["",{"children":7}]'), 400],
    ["a".repeat(50_000), 400],
  ])("of our scripts with the router state %.40s gets %i", (tree, status) => {
    expect(statusOf("GET", "/login", { rsc: "1", "next-router-state-tree": tree })).toBe(status);
    expect(statusOf("GET", "/api/health", { "next-router-state-tree": tree })).toBe(200);
  });

  it("of our scripts with a deeper router state than Next has time for is turned away", () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? ["", {}] : ["", { children: nested(depth - 1) }, null, null];
    const statusAt = (depth: number) => {
      const tree = JSON.stringify(nested(depth));
      const statuses = [tree, encodeURIComponent(tree)].map((text) =>
        statusOf("GET", "/login", { rsc: "1", "next-router-state-tree": text }),
      );
      return new Set(statuses);
    };
    expect(statusAt(20)).toEqual(new Set([200]));
    expect(statusAt(40)).toEqual(new Set([400]));
  });

  it("of a program reaches its route with any method, and without headers that Next would act on", () => {
    const request = { method: "TRACE", headers: { rsc: "1", "next-url": "/", cookie: "a=1", accept: "*/*" } };
    normaliseCall(request as unknown as IncomingMessage);
    expect(request).toEqual({ method: "OPTIONS", headers: { accept: "*/*" } });
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const usual = { method, headers: {} };
      normaliseCall(usual as unknown as IncomingMessage);
      expect(usual.method).toBe(method);
    }
  });

  it("of a program brings a token and needs no origin", () => {
    expect(statusOf("POST", "/api/auth/login")).toBe(200);
  });
});
