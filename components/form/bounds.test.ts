import { expect, it } from "vitest";
import { z } from "zod";
import { boundsOf } from "./bounds";

it.each([
  ["a number", z.int().min(1).max(24), { min: 1, max: 24 }],
  ["a number that may be empty", z.int().min(0).max(100).nullable(), { min: 0, max: 100 }],
  ["a text", z.string().max(5), null],
  ["no schema", undefined, null],
])("the bounds of %s", (_what, schema, bounds) => {
  expect(boundsOf(schema)).toEqual(bounds);
});
