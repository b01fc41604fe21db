import fc from "fast-check";
import { expect, it } from "vitest";
import { base64ByteLength, signingKeySchema } from "./schema";

const key = (bytes: number) => Buffer.alloc(bytes, 0xfb).toString("base64");

it.each([64, 65, 66, 512])("takes a key of %i bytes", (bytes) => {
  expect(signingKeySchema.safeParse(key(bytes)).success).toBe(true);
});

it.each([
  ["63 bytes", key(63)],
  ["513 bytes", key(513)],
  ["nothing", ""],
  ["a blank inside", `${key(64).slice(0, 20)} ${key(64).slice(20)}`],
  ["a line break at the end", `${key(64)}\n`],
  ["the URL-safe alphabet", Buffer.alloc(66, 0xfb).toString("base64url")],
  ["missing padding", key(64).replace(/=+$/, "")],
  ["half of its padding", key(64).slice(0, -1)],
  ["missing padding of one", key(65).slice(0, -1)],
  ["too much padding", `${key(64)}=`],
  ["padding in the middle", `${key(64)}${key(64)}`],
  ["a megabyte", "A".repeat(1_048_576)],
])("refuses %s", (_name, text) => {
  expect(signingKeySchema.safeParse(text).success).toBe(false);
});

it("counts bytes as the decoder does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(base64ByteLength(Buffer.from(bytes).toString("base64"))).toBe(bytes.length);
    }),
  );
});
