import { expect, it } from "vitest";
import { pageAfterLogin } from "./start-page";

it.each([
  ["SYS_ADMIN", "", "/settings/security"],
  ["SYS_ADMIN", "/", "/settings/security"],
  ["SYS_ADMIN", "//evil.example/", "/settings/security"],
  ["SYS_ADMIN", "/audit?kind=logged-in", "/audit?kind=logged-in"],
  ["TENANT_ADMIN", undefined, "/account"],
  ["CUSTOMER_USER", "/account/mobile", "/account/mobile"],
] as const)("%s who asked for %j goes to %s", (authority, next, page) => {
  expect(pageAfterLogin({ authority }, next)).toBe(page);
});
