import { expect, it } from "vitest";
import { emailSchema } from "./schema";
import { typedAddress } from "./typed-address";

it.each([
  ["ann@bücher.example", "ann@xn--bcher-kva.example"],
  [" Ann@BÜCHER.example ", "Ann@xn--bcher-kva.example"],
  ["ann@bu\u0308cher.рф", "ann@xn--bcher-kva.xn--p1ai"],
  [" Ann@Example.org ", "Ann@Example.org"],
  ["\u202aann@example.org\u202c", "ann@example.org"],
  ["\u200b ann@b\u00fccher.example", "ann@xn--bcher-kva.example"],
])("makes of %s what is stored", (typed, stored) => {
  expect(typedAddress(typed)).toBe(stored);
  expect(emailSchema.safeParse(stored).success).toBe(true);
});

it.each([
  "mıke@example.org",
  "mike＠example.org",
  "a@bücher.example,b@bücher.example",
  "a@bü cher.example",
  "a@bücher.example/x",
  "a@bücher.example?x",
  "a@b%C3%BCcher.exämple",
  "ü",
  "@ü",
])("makes no address of %s", (typed) => {
  expect(emailSchema.safeParse(typedAddress(typed)).success).toBe(false);
});
