import { describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonSchemaOf } from "@/lib/request/json-schema";
import { fieldWords, kindWords } from "./schema-fields";

describe("kindWords", () => {
  it.each<[string, z.ZodType]>([
    ["whole number", z.int()],
    ["whole number, 6 to 50", z.int().min(6).max(50)],
    ["whole number, at least 0", z.int().min(0)],
    ["whole number or null, at most 43,200", z.int().max(43_200).nullable()],
    ["text, 1 to 8,192 characters", z.string().min(1).max(8_192)],
    ["text, at most 100 characters", z.string().max(100)],
    ["e-mail address", z.email()],
    ["UUID or null", z.uuid().nullable()],
    ["“a”, “b”", z.enum(["a", "b"])],
    ["“a”, null", z.enum(["a"]).nullable()],
    ["always “USER”", z.literal("USER")],
    ["true or false", z.boolean()],
    ["null", z.null()],
    ["list, each text", z.array(z.string())],
    ["text or whole number", z.union([z.string(), z.int()])],
    ["“ASC”, “DESC”, “ASC” if absent", z.enum(["ASC", "DESC"]).default("ASC")],
    ["object", z.looseObject({})],
  ])("says “%s”", (words, schema) => {
    expect(kindWords(jsonSchemaOf(schema, "input"))).toBe(words);
  });
});

describe("fieldWords", () => {
  it("names every field by its path", () => {
    const schema = z.object({
      policy: z.object({ length: z.int().optional() }),
      data: z.array(z.object({ id: z.string() })).optional(),
    });
    const fields = fieldWords(jsonSchemaOf(schema, "input"));
    expect(fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ["policy", true],
      ["policy.length", false],
      ["data", false],
      ["data[].id", true],
    ]);
  });

  it("finds none in a schema that is not an object", () => {
    expect(fieldWords({ type: "string" })).toEqual([]);
  });
});
