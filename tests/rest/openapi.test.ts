import { beforeEach, describe, expect, it } from "vitest";
import { contracts } from "@/app/api/contracts";
import { makeSettings } from "../support/accounts";
import { emptyDatabase } from "../support/database";
import { call, outcome, routeFiles, tokensOf } from "../support/rest";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

/** Routes that are not calls: the health check, the link in a QR code, and the catch-all for unknown addresses. */
const NO_CALLS = ["/api/health", "/api/noauth/qr", "/api/[...path]"];

describe("/api/openapi.json", () => {
  it("describes every route with every method, and nothing else", async () => {
    const { json } = await call("GET", "/api/openapi.json");
    const paths = json.paths as Record<string, object>;
    const routes = [...routeFiles.keys()].filter((path) => !NO_CALLS.includes(path));
    expect(Object.keys(paths).sort()).toEqual(routes.sort());
    for (const path of routes) {
      const target = path.replace("{id}", "5f2c9c9e-7d1c-4a53-9d52-0d5c4c1d9f7a");
      const allowed = (await call("PUT", target)).headers.get("allow")?.toLowerCase().split(", ") ?? [];
      expect(allowed.filter((method) => method !== "head").sort()).toEqual(
        Object.keys(paths[path] ?? {}).sort(),
      );
    }
  });

  it("refers to nothing that it does not hold", async () => {
    const { text, json } = await call("GET", "/api/openapi.json");
    expect(json).toMatchObject({ openapi: "3.1.0", servers: [{ url: "http://localhost:3000" }] });
    const held = Object.entries(Object(json.components)).flatMap(([kind, all]) =>
      Object.keys(Object(all)).map((name) => `#/components/${kind}/${name}`),
    );
    const meant = [...new Set(text.match(/(?<="\$ref":")[^"]*/g))];
    expect(held).toEqual(expect.arrayContaining(meant));
    expect(meant).toContain("#/components/schemas/User");
  });
});

describe("who may call", () => {
  const guarded = contracts.filter(({ access }) => access !== "anyone");
  it.each(guarded)("$method $path: nobody without a token", async ({ method, path }) => {
    const target = path.replace("{id}", "5f2c9c9e-7d1c-4a53-9d52-0d5c4c1d9f7a");
    expect(outcome(await call(method, target))).toEqual([401, 10]);
    const { token } = await tokensOf({ authority: "SYS_ADMIN" }, { kind: "BROWSER" });
    expect(outcome(await call(method, target, { token }))).toEqual([401, 10]);
  });
});
