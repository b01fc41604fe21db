import { createHmac, randomBytes } from "node:crypto";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contracts } from "@/app/api/contracts";
import { apiDocument, apiDocumentForPrograms } from "@/app/api/document";
import { keyFingerprint } from "@/lib/core/secrets";
import { isSchema, type JsonSchema } from "@/lib/request/json-schema";
import type { Operation } from "@/lib/request/operation";

const document = apiDocument("https://gatehouse.example.org");
const operations = Object.entries(document.paths).flatMap(([path, byMethod]) =>
  Object.entries(byMethod).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
);
const operationOf = (method: string, path: string): Operation | undefined =>
  document.paths[path]?.[method.toLowerCase()];

/** The schemas of a call's request body and of all its responses. */
function schemasOf({ requestBody, responses }: Operation): JsonSchema[] {
  const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
  return contents.flatMap((content) => Object.values(content ?? {}).map(({ schema }) => schema));
}

/** The paths of the fields of a schema that have no description. */
function unexplained(schema: JsonSchema): string[] {
  const inner = isSchema(schema.items) ? unexplained(schema.items) : [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (!isSchema(property)) return [];
    const below = unexplained(property).map((path) => `${name}.${path}`);
    return property.description ? below : [name, ...below];
  });
  return [...own, ...inner];
}

/** The texts of any length at or below a schema. One with a pattern of its own, like a UUID, has the pattern's length. */
function endlessTexts(schema: JsonSchema): JsonSchema[] {
  const parts = [
    schema.items,
    schema.anyOf,
    schema.oneOf,
    schema.allOf,
    Object.values(schema.properties ?? {}),
  ];
  const below = parts.flat().filter(isSchema).flatMap(endlessTexts);
  const { type, maxLength, format, enum: values } = schema;
  const isEndless =
    [type].flat().includes("string") && maxLength === undefined && !values && format !== "uuid";
  return isEndless ? [schema, ...below] : below;
}

/** The paths of all fields of a schema, nested ones included. */
function pathsOf(schema: JsonSchema | undefined): string[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, property]) => {
    const below = isSchema(property) ? pathsOf(property) : [];
    return [name, ...below.map((path) => `${name}.${path}`)];
  });
}

describe("the OpenAPI document", () => {
  it("is valid, and a broken one would not be", async () => {
    const copy = JSON.parse(JSON.stringify(apiDocumentForPrograms("https://gatehouse.example.org")));
    expect(await new Validator().validate(copy)).toEqual({ valid: true });
    expect(await new Validator().validate({ ...copy, servers: "here" })).toMatchObject({ valid: false });
  });

  it("names the product and its address", () => {
    expect(document).toMatchObject({
      info: { title: "Gatehouse", version: "1" },
      servers: [{ url: "https://gatehouse.example.org" }],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    });
  });

  it("groups the calls, and names each once", () => {
    const tags = document.tags.map(({ name }) => name);
    for (const [call, { tags: own }] of operations) expect(tags, call).toContain(own[0]);
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(contracts.length);
    expect(operationOf("GET", "/api/auth/user")).toMatchObject({
      operationId: "getAuthUser",
      tags: ["Login and tokens"],
    });
  });

  it.each(operations)("explains every field and parameter of %s", (_call, operation) => {
    expect(schemasOf(operation).flatMap(unexplained)).toEqual([]);
    expect(operation.parameters.filter(({ description }) => !description)).toEqual([]);
  });

  it.each(operations)("has a limit for the length of every text that %s takes", (_call, operation) => {
    const { requestBody, parameters } = operation;
    const taken = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
    expect([...taken, ...parameters.map(({ schema }) => schema)].flatMap(endlessTexts)).toEqual([]);
  });

  it.each(contracts.filter(({ query }) => query))(
    "says what $method $path does without a parameter that has a default",
    ({ method, path, query }) => {
      const parameters = operationOf(method, path)?.parameters.filter((one) => one.in === "query") ?? [];
      const required = parameters.filter((one) => one.required);
      const sent = Object.fromEntries(
        required.map(({ name, schema }) => [name, String(schema.examples?.[0])]),
      );
      const taken = Object.entries(z.record(z.string(), z.unknown()).parse(query?.parse(sent)));
      const defaults = taken.filter(([name, value]) => !(name in sent) && value !== undefined);
      const unsaid = defaults.filter(([name, value]) => {
        const { description, schema } = parameters.find((one) => one.name === name) ?? {};
        const said = `${description} ${JSON.stringify(schema?.default)}`.toLowerCase();
        return !said.includes(String(value).toLowerCase());
      });
      expect(unsaid).toEqual([]);
    },
  );

  it("says that times need 64 bits, which a client in Java or C# would not read otherwise", () => {
    const { schemas } = apiDocumentForPrograms("https://gatehouse.example.org").components;
    const time = { type: "integer", format: "int64" };
    expect(schemas.Error?.properties).toMatchObject({
      status: { format: "int32" },
      errorCode: { format: "int32" },
      timestamp: time,
    });
    expect(schemas.User?.properties).toMatchObject({
      createdTime: time,
      additionalInfo: { properties: { lastLoginTs: { ...time, type: ["integer", "null"] } } },
    });
  });

  it("does not promise that an answer will never have another field", () => {
    const served = apiDocumentForPrograms("https://gatehouse.example.org");
    expect(JSON.stringify(served)).not.toContain('"additionalProperties":false');
  });

  it("shows no path that needs encoding: it would be answered 404", () => {
    const parameters = operations.flatMap(([, operation]) => operation.parameters);
    const examples = parameters
      .filter(({ in: place }) => place === "path")
      .map(({ schema }) => schema.examples?.[0]);
    expect(examples).not.toEqual([]);
    expect(examples.map((example) => encodeURIComponent(String(example)))).toEqual(examples);
  });

  it.each(contracts.filter(({ body }) => body))("shows a body that $method $path takes", (contract) => {
    const media = operationOf(contract.method, contract.path)?.requestBody?.content["application/json"];
    expect(contract.body?.safeParse(media?.example)).toMatchObject({ success: true });
  });

  it.each(contracts)("shows an answer that $method $path gives", ({ method, path, answer, answerType }) => {
    const content = operationOf(method, path)?.responses[200]?.content;
    const media = content?.[answerType ?? "application/json"];
    const shown = answerType ? JSON.parse(String(media?.example)) : media?.example;
    if (answer instanceof z.ZodType) expect(answer.safeParse(shown)).toMatchObject({ success: true });
    else expect(media).toBeUndefined();
  });

  it.each([
    ["/api/user/{id}/activationLinkInfo", "/api/noauth/activate?activateToken="],
    ["/api/mobile/qr/deepLink", "/api/noauth/qr?secret="],
  ])("shows the link of %s as it is made", (path, start) => {
    const [media] = Object.values(operationOf("GET", path)?.responses[200]?.content ?? {});
    const link =
      typeof media?.example === "string" ? JSON.parse(media.example) : Object(media?.example).value;
    expect(link).toContain(`https://gatehouse.example.org${start}`);
    // A URL holds visible ASCII characters only, and some OpenAPI tools reject an example with others.
    expect(link).toMatch(/^[!-~]+$/);
  });

  it.each(["securitySettings", "jwtSettings"])(
    "lets a save of %s contain every field that can be read",
    (settings) => {
      const read = operationOf("GET", `/api/admin/${settings}`)?.responses[200]?.content;
      const save = operationOf("POST", `/api/admin/${settings}`)?.requestBody?.content;
      // The fingerprint is derived from the key, so no save accepts one.
      const readable = pathsOf(read?.["application/json"]?.schema).filter(
        (path) => path !== "keyFingerprint",
      );
      const savable = pathsOf(save?.["application/json"]?.schema);
      expect(readable).toContain("version");
      expect(readable.filter((path) => !savable.includes(path))).toEqual([]);
    },
  );

  it("says how the fingerprint of a key is computed", () => {
    const operation = operationOf("GET", "/api/admin/jwtSettings");
    const [settings] = operation ? schemasOf(operation) : [];
    const field = settings?.properties?.keyFingerprint;
    if (!isSchema(field)) throw new Error("There is no fingerprint.");
    const [, label = ""] = /HMAC-SHA-256 .* under the key “(.+)”/.exec(field.description ?? "") ?? [];
    const key = randomBytes(64);
    const digits = createHmac("sha256", label).update(key).digest("hex").slice(0, 16);
    expect(keyFingerprint(key)).toBe(digits.replace(/(?<=^(?:.{4})+)(?=.)/g, ":"));
    expect(field.examples).toEqual([expect.stringMatching(/^[\da-f]{4}(?::[\da-f]{4}){3}$/)]);
  });

  it.each(contracts)(
    "says whether $method $path takes a token, and who is refused",
    ({ access, ...call }) => {
      const { security, responses } = operationOf(call.method, call.path) ?? {};
      // Only one scheme: given two, generated clients send both headers, and X-Authorization without its "Bearer".
      expect(security).toEqual(access === "anyone" ? [] : [{ bearer: [] }]);
      if (access !== "anyone") expect(responses).toHaveProperty("401");
      if (access === "administrator") expect(responses).toHaveProperty("403");
    },
  );

  it("shows every error that a call can be answered with", () => {
    const answers = operationOf("POST", "/api/auth/login")?.responses ?? {};
    const errors = Object.values(answers).flatMap(({ content }) =>
      Object.values(content?.["application/json"]?.examples ?? {}).map(({ value }) => value),
    );
    expect(errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ status: 401, errorCode: 45 }),
        expect.objectContaining({ status: 429, errorCode: 33 }),
      ]),
    );
    expect(answers[429]).toHaveProperty("headers.Retry-After");
  });
});
