import fc from "fast-check";
import { expect, it } from "vitest";
import { loggedPath } from "./logged-path";

const SECRET = "kR3-_x9QzW0aBcDeFgHiJkLmNoPqRsTu";

it.each([
  "/",
  "/account/mobile",
  "/api/auth/user",
  "/api/mobile/qr/deepLink",
  "/api/noauth/qr",
  "/api/noauth/resetPasswordByEmail",
  "/users/5f2c9c9e-7d1c-4a53-9d52-0d5c4c1d9f7a",
  "/api/user/5f2c9c9e-7d1c-4a53-9d52-0d5c4c1d9f7a/activationLinkInfo",
  "/_next/static/chunks/app_account_mobile_page_tsx_0123456789abcdef.js",
])("leaves %s", (path) => {
  expect(loggedPath(path)).toBe(path);
});

it.each([
  [`/api/noauth/qr/${SECRET}`, "/api/noauth/qr/[secret]"],
  ["/api/noauth/qr/half-a-secret", "/api/noauth/qr/[secret]"],
  ["/API/NoAuth/QR/half-a-secret", "/API/NoAuth/QR/[secret]"],
  [`/api/noauth/qr/${SECRET}/`, "/api/noauth/qr/[secret]"],
  [`/api/noauth/qr/${SECRET}/x`, "/api/noauth/qr/[secret]"],
  [`/API/NoAuth/QR/${SECRET}`, "/API/NoAuth/QR/[secret]"],
  [`//api//noauth//qr//${SECRET}`, "//api//noauth//qr//[secret]"],
  [`/api/noauth/qr%2F${SECRET}`, "[secret]"],
  [`/api/noauth\\qr\\${SECRET}`, "/api/noauth\\qr\\[secret]"],
  [`http://evil.example/api/noauth/qr/${SECRET}`, "http://evil.example/api/noauth/qr/[secret]"],
  [`/api/noauth/${SECRET}`, "/api/noauth/[secret]"],
  [`/_next/../api/noauth/qr/${SECRET}`, "/_next/../api/noauth/qr/[secret]"],
  [`/${SECRET}`, "/[secret]"],
])("hides the secret of %s", (path, shown) => {
  expect(loggedPath(path)).toContain(shown);
  expect(loggedPath(path)).not.toContain(SECRET);
});

it("hides every secret, wherever it stands", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{32,256}$/);
  const before = fc.stringMatching(/^(?:\/[a-z]{0,8}){0,4}\/$/);
  fc.assert(
    fc.property(before, secret, fc.constantFrom("", "/", "/x", ";x", "%20"), (path, text, after) => {
      expect(loggedPath(path + text + after)).not.toContain(text);
    }),
  );
});
