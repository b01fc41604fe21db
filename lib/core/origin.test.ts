import { expect, it } from "vitest";
import { gateFailureOf, originOf } from "./origin";

const from = (headers: Record<string, string>) => originOf(new Headers(headers));

it("trusts the HTTP front alone for the network address", () => {
  expect(from({ "x-forwarded-for": "6.6.6.6", "x-gatehouse-address": "203.0.113.9" }).address).toBe(
    "203.0.113.9",
  );
  expect(from({ "x-forwarded-for": "6.6.6.6", "x-real-ip": "6.6.6.6" })).toEqual({
    address: "unknown",
    userAgent: "",
    requestId: "",
  });
});

it.each([
  ["is kept as it is", "Mozilla/5.0 (X11; Linux) é", "Mozilla/5.0 (X11; Linux) é"],
  ["loses what steers a terminal", "a\x7f\x85\x9b31mb\tc", "a31mbc"],
  ["is kept as far as browsers differ by it", "x".repeat(300), "x".repeat(256)],
])("a user agent %s", (_name, given, kept) => {
  expect(from({ "user-agent": given }).userAgent).toBe(kept);
});

it.each([
  ["unavailable", "unavailable"],
  ["unexpected", "unexpected"],
  ["forbidden", null],
  ["", null],
])("takes %j for the gate's failure %j", (given, failure) => {
  expect(gateFailureOf(new Headers({ "x-gatehouse-failure": given }))).toBe(failure);
});
