import { expect, it } from "vitest";
import { only } from "./only";

it("returns the one item, and fails when there is none or another", () => {
  expect(only(["a"])).toBe("a");
  expect(() => only([])).toThrow("not 0");
  expect(() => only(["a", "b"])).toThrow("not 2");
});
