import { expect, it } from "vitest";
import { plainAddress } from "./rules";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["0:0:0:0:0:FFFF:CB00:7107", "203.0.113.7"],
  ["::ffff:10.1.255.254", "10.1.255.254"],
  ["::1:ffff:cb00:7107", "::1:ffff:cb00:7107"],
  ["2001:db8::ffff:cb00:7107", "2001:db8::ffff:cb00:7107"],
  ["::ffff:cb00:7107:1", "::ffff:cb00:7107:1"],
  ["2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
  ["2001:db8::", "2001:db8::"],
  ["64:ff9b::203.0.113.7", "64:ff9b::cb00:7107"],
  ["203.0.113.", "203.0.113."],
  ["2001:0DB8:0000:", "2001:db8:0:"],
  ["::1]/[", "::1]/["],
  ["unknown", "unknown"],
  ["Proxy:1", "Proxy:1"],
])("%s is stored as %s", (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});
