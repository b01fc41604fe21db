import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Contract, contract } from "./contract";
import { errorsOf, openApiDocument } from "./openapi";

const words = {
  origin: "https://a.example",
  description: "All there is.",
  areas: [
    { name: "Things", description: "All things.", segments: ["thing", "things"], first: ["/api/things"] },
    { name: "Empty", description: "Nothing.", segments: ["empty"] },
    { name: "New", description: "What is new.", segments: ["new"] },
  ],
  glossary: { id: { description: "The id." } },
} as const;
const call = (method: "GET" | "POST" | "DELETE", path: Contract["path"]) =>
  contract({ method, path, summary: "x", access: "anyone", answer: "nothing" }) as unknown as Contract;

describe("openApiDocument", () => {
  it("puts the calls in order, and those without a place in it at the end", () => {
    const { paths, tags } = openApiDocument(
      [
        call("GET", "/api/new/x"),
        call("DELETE", "/api/thing/{id}"),
        call("GET", "/api/thing/a"),
        call("GET", "/api/thing/{id}"),
        call("GET", "/api/things"),
      ],
      words,
    );
    const order = Object.entries(paths).map(([path, byMethod]) => [path, ...Object.keys(byMethod)]);
    expect(order).toEqual([
      ["/api/things", "get"],
      ["/api/thing/a", "get"],
      ["/api/thing/{id}", "get", "delete"],
      ["/api/new/x", "get"],
    ]);
    expect(paths["/api/new/x"]?.get?.tags).toEqual(["New"]);
    expect(tags.map(({ name }) => name)).toEqual(["Things", "New"]);
  });

  it("refuses a call that is in no area", () => {
    expect(() => openApiDocument([call("GET", "/api/lost")], words)).toThrow("/api/lost");
  });

  it("takes parameters from the path and the query, with what is known of them", () => {
    const read = contract({
      method: "GET",
      path: "/api/thing/{id}",
      summary: "A thing.",
      access: "administrator",
      params: z.object({ id: z.uuid() }),
      query: z.object({ isFull: z.string().optional(), size: z.string() }),
      answer: z.string(),
      warning: "It ends the thing.",
    });
    const { paths } = openApiDocument([read as unknown as Contract], words);
    expect(paths["/api/thing/{id}"]?.get).toMatchObject({
      operationId: "getThingId",
      security: [{ bearer: [] }],
      parameters: [
        { name: "id", in: "path", required: true, description: "The id." },
        { name: "isFull", in: "query", required: false },
        { name: "size", in: "query", required: true },
      ],
      description: "Only system administrators can call it. It ends the thing.",
      responses: {
        200: { content: { "application/json": { schema: { type: "string" } } } },
        400: { description: "31: The request is invalid." },
        401: {
          content: {
            "application/json": {
              examples: {
                unauthenticated: { value: { status: 401, errorCode: 10 } },
                "token-expired": { value: { status: 401, errorCode: 11 } },
              },
            },
          },
        },
        503: { headers: { "Retry-After": {} } },
      },
    });
  });

  it("shows a body as it is taken, and each error of it once", () => {
    const body = z.object({ size: z.string().default("7") });
    const make = contract({
      method: "POST",
      path: "/api/thing",
      summary: "Makes a thing.",
      access: "anyone",
      body,
      answer: "nothing",
    });
    const post = openApiDocument([make as unknown as Contract], words).paths["/api/thing"]?.post;
    const schema = post?.requestBody?.content["application/json"]?.schema;
    // What has a default may be left out.
    expect([schema?.properties, schema?.required]).toEqual([
      { size: { type: "string", default: "7" } },
      undefined,
    ]);
    expect(post?.responses[400]?.description).toBe("31: The request is invalid.");
  });
});

describe("errorsOf", () => {
  const failures = ["unexpected", "unavailable"];
  const object = z.object({});

  it.each<[string, Partial<Contract>, string[]]>([
    ["nothing more than a failure", {}, []],
    ["a missing token", { access: "person" }, ["unauthenticated", "token-expired"]],
    ["a missing right", { access: "administrator" }, ["unauthenticated", "token-expired", "forbidden"]],
    ["a wrong path", { params: object }, ["bad-request"]],
    ["a wrong query", { query: object }, ["bad-request"]],
    ["a wrong body", { body: object }, ["bad-request", "bad-request", "too-large", "no-json"]],
    [
      "a wrong body, in its own way, and one that is no JSON",
      { body: object, invalid: "unauthenticated" },
      ["unauthenticated", "bad-request", "too-large", "no-json"],
    ],
    ["what it alone can meet", { errors: ["conflict"] }, ["conflict"]],
  ])("are %s", (_name, change, errors) => {
    const given = { ...call("POST", "/api/thing"), ...change };
    expect(errorsOf(given)).toEqual([...errors, ...failures]);
  });
});
