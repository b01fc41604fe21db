import fc from "fast-check";
import { expect, it } from "vitest";
import { ownPath } from "./own-path";

it.each([
  ["/audit?kind=login-failed", "/audit?kind=login-failed"],
  ["/settings/security#x", "/settings/security"],
  ["/audit/export?kind=login-failed", "/audit?kind=login-failed"],
  ["/audit/./export//", "/audit"],
  ["/audit//export?kind=login-failed", "/audit?kind=login-failed"],
  ["/audit/exports", "/audit/exports"],
  ["", "/"],
  [undefined, "/"],
  ["https://evil.example/", "/"],
  ["//evil.example", "/"],
  ["//gatehouse.invalid/audit", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["/\t/evil.example/audit", "/"],
  ["/\t/[", "/"],
  ["/a/..//evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["evil", "/"],
])("%j leads to %s", (text, path) => {
  expect(ownPath(text)).toBe(path);
});

it("never leads to another host", () => {
  const tricky = fc.string({
    unit: fc.constantFrom("/", "\\", ".", "@", ":", "?", "#", "a", "\t", "\n", "%", "2", "f"),
  });
  fc.assert(
    fc.property(tricky, (text) => {
      expect(new URL(ownPath(text), "https://own.example").host).toBe("own.example");
    }),
  );
});
