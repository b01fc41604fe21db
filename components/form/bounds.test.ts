import { expect, it } from "vitest";
import { z } from "zod/mini";
import { boundsOf } from "./bounds";

it.each([
  ["a number", z.int().check(z.minimum(1), z.maximum(24)), { min: 1, max: 24 }],
  [
    "a number that may be empty",
    z.nullable(z.int().check(z.minimum(0), z.maximum(100))),
    { min: 0, max: 100 },
  ],
  ["a text", z.string().check(z.maxLength(5)), null],
  ["no schema", undefined, null],
])("the bounds of %s", (_what, schema, bounds) => {
  expect(boundsOf(schema)).toEqual(bounds);
});
