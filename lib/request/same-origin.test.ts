import { describe, expect, it } from "vitest";
import { isFromAnotherSite, isOwnHost, isSameOrigin } from "./same-origin";

describe("isOwnHost", () => {
  it.each<[string | null, string, boolean]>([
    ["id.example.org", "https://id.example.org", true],
    ["ID.example.org", "https://id.example.org", true],
    ["id.example.org:443", "https://id.example.org", true],
    ["id.example.org:8443", "https://id.example.org", false],
    ["evil.example", "https://id.example.org", false],
    ["id.example.org@evil.example", "https://id.example.org", false],
    ["localhost:3000", "http://localhost:3000", true],
    ["127.0.0.1:3000", "http://localhost:3000", true],
    ["[::1]:3000", "http://localhost:3000", true],
    ["localhost:3001", "http://localhost:3000", false],
    ["rebound.example:3000", "http://localhost:3000", false],
    ["127.0.0.1:443", "https://id.example.org", false],
    ["id.example.org:65536", "https://id.example.org", false],
    ["[::1", "http://localhost:3000", false],
    [null, "http://localhost:3000", false],
    ["", "http://localhost:3000", false],
  ])("%s at %s: %s", (host, base, expected) => {
    expect(isOwnHost(host, base)).toBe(expected);
  });
});

it.each([
  ["cross-site", true],
  ["same-site", true],
  ["same-origin", false],
  ["none", false],
])("a request that a browser calls %s", (site, expected) => {
  expect(isFromAnotherSite(new Headers({ "sec-fetch-site": site }))).toBe(expected);
});

it("a request of which a browser says nothing is not held to be from another site", () => {
  expect(isFromAnotherSite(new Headers())).toBe(false);
});

describe("isSameOrigin", () => {
  const base = "https://id.example.org";
  const check = (headers: Record<string, string>) =>
    isSameOrigin(new Headers({ host: "id.example.org", ...headers }), base);

  it.each<[string, Record<string, string>, boolean]>([
    ["our own page", { origin: base, "sec-fetch-site": "same-origin" }, true],
    ["our own page, from an older browser", { origin: base }, true],
    ["our own page, without its origin", { "sec-fetch-site": "same-origin" }, true],
    ["what a person sends again by hand", { origin: base, "sec-fetch-site": "none" }, true],
    ["the same without an origin", { "sec-fetch-site": "none" }, false],
    ["a form on a page without referrer", { origin: "null", "sec-fetch-site": "same-origin" }, true],
    ["the same from a browser that says nothing", { origin: "null" }, false],
    ["nothing at all", {}, false],
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, false],
    ["another site that says nothing of itself", { origin: "https://evil.example" }, false],
    ["a sister site", { origin: base, "sec-fetch-site": "same-site" }, false],
    ["another site without origin", { "sec-fetch-site": "cross-site" }, false],
    ["another port", { origin: "https://id.example.org:8443" }, false],
    ["plain http", { origin: "http://id.example.org" }, false],
    [
      "a rebound name that agrees with itself",
      { host: "evil.example", origin: "https://evil.example", "sec-fetch-site": "same-origin" },
      false,
    ],
    ["a forwarded host", { origin: "https://evil.example", "x-forwarded-host": "evil.example" }, false],
  ])("%s", (_name, headers, expected) => {
    expect(check(headers)).toBe(expected);
  });
});
