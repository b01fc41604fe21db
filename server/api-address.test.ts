import { describe, expect, it } from "vitest";
import { isApiAddress, isCallPath } from "./api-address";

describe("the API's addresses", () => {
  it.each([
    "/api",
    "/api/",
    "/API",
    "/Api/auth/login",
    "/%61pi/auth/login",
    "/%41PI",
    "/%2561pi/x",
    "/%252561pi/x",
    "//api/auth/login",
    "/api//auth/login",
    "/\\api\\auth",
    "/api\\auth",
    "/./api/x",
    "/x/../api/auth/login",
    "/x/%2e%2e/api/auth/login",
    "/api/../login",
    "/api%2fauth/login",
    "/api;x=1/auth/login",
    "/api?x=/login",
    "/api#x",
    "/api%20/auth",
    "http://localhost:3000/api/auth/login",
    "/api/%c0%af",
    "/api/%zz",
  ])("%s is one, however spelled", (url) => expect(isApiAddress(url)).toBe(true));

  it.each([
    "/",
    "*",
    "",
    "/login",
    "/apis",
    "/myapi",
    "/login/api",
    "/login?next=/api/",
    "/x/../login",
    "/%zz",
    "/..",
    "x",
  ])("%s is none", (url) => expect(isApiAddress(url)).toBe(false));

  it.each([
    "/api/auth/login",
    "/api/openapi.json",
    "/api/user/5f2c9c9e-7d1c-4a53-9d52-0d5c4c1d9f7a",
    "/api/x/~a_B",
  ])("%s is spelled as calls are", (path) => expect(isCallPath(path)).toBe(true));

  it.each([
    "/api",
    "/api/",
    "/API/auth/login",
    "/api/auth/login/",
    "/api//auth/login",
    "//api/auth/login",
    "/api/%61uth/login",
    "/api/./auth",
    "/api/../login",
    "/api/auth/..",
    "/api/auth/login;x",
    "/api/auth/login#x",
    "/api/auth/login%",
    "/api/[...path]",
  ])("%s is not", (path) => expect(isCallPath(path)).toBe(false));
});
