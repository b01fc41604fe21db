import { expect, it } from "vitest";
import { strengthOf } from "./strength";

it.each([
  ["password1234", "weak"],
  ["aaaaaaaaaaaaaaaa", "weak"],
  ["qwertyuiop[]", "weak"],
  ["Gatehouse123", "weak"],
  ["a gate, a house, a lamp", "strong"],
  ["correct horse battery staple", "strong"],
  ["x7#Lq9!vT2$mWp", "strong"],
])("%s is %s", (password, strength) => {
  expect(strengthOf(password, [])).toBe(strength);
});

it("counts words that others know about the person as weak", () => {
  expect(strengthOf("augusta.lovelace", ["augusta.lovelace@example.org"])).not.toBe("strong");
  expect(strengthOf("ada.lovelace@example.org", ["ada.lovelace@example.org"])).toBe("weak");
});

it("is fast for a long password", () => {
  const before = process.cpuUsage();
  strengthOf("aB3$".repeat(64), []);
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});
