import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Contract, contract } from "./contract";
import { openApiDocument } from "./openapi";
import { servedDocument } from "./served-document";

const words = {
  origin: "https://a.example",
  description: "All there is.",
  areas: [{ name: "Things", description: "All things.", segments: ["thing", "things", "hand"] }],
  glossary: { held: { description: "The one that is held." }, size: { description: "How large." } },
} as const;

const thing = z.object({ size: z.int() }).meta({ title: "Thing" });
const reading = (path: Contract["path"], answer: z.ZodType) =>
  contract({ method: "GET", path, summary: "x", access: "anyone", answer }) as unknown as Contract;
const servedOf = (...calls: Contract[]) => servedDocument(openApiDocument(calls, words));

describe("servedDocument", () => {
  it("has one schema for what several calls answer, and what is said of a field beside it", () => {
    const served = servedOf(
      reading("/api/thing", thing),
      reading("/api/things", z.array(thing)),
      reading("/api/hand", z.object({ held: thing })),
    );
    expect(served.components.schemas).toHaveProperty("Thing.properties.size.description", "How large.");
    expect(served.components.schemas).not.toHaveProperty("Thing.title");
    const $ref = "#/components/schemas/Thing";
    const schemas = ["/api/thing", "/api/things", "/api/hand"].map(
      (path) => Object(served.paths)[path].get.responses[200].content["application/json"].schema,
    );
    expect(schemas).toMatchObject([
      { $ref },
      { items: { $ref } },
      { properties: { held: { $ref, description: "The one that is held." } } },
    ]);
  });

  it("takes no name for two", () => {
    const other = z.object({ weight: z.int() }).meta({ title: "Thing" });
    expect(() => servedOf(reading("/api/thing", thing), reading("/api/things", other))).toThrow(
      "two of Thing",
    );
  });

  it("tells of the refusals that any call may meet", () => {
    const served = servedOf(reading("/api/thing", thing));
    const $ref = "#/components/responses/Refused";
    expect(served.paths).toMatchObject({ "/api/thing": { get: { responses: { default: { $ref } } } } });
    const { examples = {} } = served.components.responses.Refused.content?.["application/json"] ?? {};
    const statuses = Object.values(examples).map(({ value }) => Object(value).status);
    expect(statuses.sort()).toEqual([400, 404, 405, 408, 413, 421, 431]);
    expect(served.components.responses.Refused.headers).toHaveProperty("Allow");
    expect(served.components.responses.Refused.headers).not.toHaveProperty("Retry-After");
  });
});
