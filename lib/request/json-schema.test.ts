import { describe, expect, it } from "vitest";
import { z } from "zod";
import { exampleOf, jsonSchemaOf } from "./json-schema";

const glossary = { size: { description: "How large, in bytes.", example: 7 } };

describe("jsonSchemaOf", () => {
  it("says null as a second type, with what holds for the first", () => {
    expect(jsonSchemaOf(z.int().min(1).max(9).nullable(), "output")).toEqual({
      type: ["integer", "null"],
      minimum: 1,
      maximum: 9,
    });
    expect(jsonSchemaOf(z.enum(["a", "b"]).nullable(), "output")).toEqual({
      type: ["string", "null"],
      enum: ["a", "b", null],
    });
    const either = [{ type: "string" }, { type: "integer", format: "int64" }];
    expect(jsonSchemaOf(z.union([z.string(), z.int()]), "output")).toEqual({ anyOf: either });
    for (const schema of [
      z.union([z.string(), z.null(), z.int()]),
      z.union([z.string(), z.int()]).nullable(),
    ])
      expect(Object.keys(jsonSchemaOf(schema, "output"))).toEqual(["anyOf"]);
  });

  it("lets what is given have more fields one day, at any depth, but not what is taken", () => {
    const schema = z.object({
      list: z.array(z.object({ a: z.null() })),
      byName: z.record(z.string(), z.int()),
    });
    const closed = { additionalProperties: false };
    expect(JSON.stringify(jsonSchemaOf(schema, "output"))).not.toContain("false");
    expect(jsonSchemaOf(schema, "output")).toHaveProperty("properties.byName.additionalProperties.type");
    expect(jsonSchemaOf(z.strictObject({}), "input")).toMatchObject(closed);
  });

  it("omits the bounds of JavaScript's safe integers, and says that the number may need 64 bits", () => {
    expect(jsonSchemaOf(z.int(), "output")).toEqual({ type: "integer", format: "int64" });
    expect(jsonSchemaOf(z.int().nullable(), "output")).toEqual({
      type: ["integer", "null"],
      format: "int64",
    });
    expect(jsonSchemaOf(z.int().meta({ format: "int32" }), "output")).toEqual({
      type: "integer",
      format: "int32",
    });
  });

  it("shows a number as one where its text is taken", () => {
    const asText = z.string().regex(/^\d+$/).transform(Number).meta({ type: "integer", minimum: 0 });
    expect(jsonSchemaOf(asText, "input")).toEqual({ type: "integer", minimum: 0 });
  });

  it("explains fields by their names, at any depth, unless they explain themselves", () => {
    const schema = z.object({
      size: z.int(),
      list: z.array(z.object({ size: z.null(), constructor: z.string() })),
      own: z.object({ size: z.int().meta({ description: "Its own." }) }),
    });
    const { properties } = jsonSchemaOf(schema, "input", glossary);
    expect(properties).toMatchObject({
      size: { type: "integer", description: "How large, in bytes.", examples: [7] },
      own: { properties: { size: { description: "Its own." } } },
    });
    // The example is a number, which this field cannot be.
    expect(properties?.list).toHaveProperty("items.properties", {
      size: { type: "null", description: "How large, in bytes." },
      constructor: { type: "string" },
    });
  });
});

describe("exampleOf", () => {
  it.each<[string, z.ZodType, unknown]>([
    ["the schema's own", z.string().meta({ examples: ["x"] }), "x"],
    [
      "the schema's own before all others",
      z
        .enum(["a", "b"])
        .default("a")
        .meta({ examples: ["b"] }),
      "b",
    ],
    ["a constant", z.literal("USER"), "USER"],
    ["the usual value", z.int().default(4), 4],
    ["the first of several", z.enum(["a", "b"]), "a"],
    ["the smallest number", z.int().min(3), 3],
    ["a text", z.string(), "text"],
    ["null where it may be", z.string().nullable(), null],
    ["a list of one", z.array(z.boolean()), [true]],
    ["whatever an object has", z.object({ a: z.string(), b: z.null() }), { a: "text", b: null }],
    ["but not what can only be null or absent", z.object({ a: z.null().optional() }), {}],
  ])("is %s", (_name, schema, example) => {
    expect(exampleOf(jsonSchemaOf(schema, "input"))).toEqual(example);
  });
});
