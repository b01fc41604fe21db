import { expect, it } from "vitest";
import { changedFields, changesOf } from "./rules";

it("finds the fields that differ, with both values", () => {
  const before = { name: "Ada", role: null as string | null, age: 36 };
  const after = { name: "Ada", role: "admin", age: 37 };
  expect(changedFields(before, after)).toEqual(["role", "age"]);
  expect(changesOf(before, after)).toEqual({ role: { from: null, to: "admin" }, age: { from: 36, to: 37 } });
  expect(changesOf(before, { ...before })).toEqual({});
});
