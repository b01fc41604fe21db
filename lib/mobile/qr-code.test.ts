import jsQr from "jsqr";
import { expect, it } from "vitest";
import { newSecret } from "@/lib/core/secrets";
import { type QrCode, qrCode } from "./qr-code";

const SCALE = 4;

/** Renders the path as black pixels on white. */
function picture({ size, path }: QrCode): Uint8ClampedArray {
  const side = size * SCALE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, left, top, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let y = Number(top) * SCALE; y < (Number(top) + 1) * SCALE; y += 1) {
      for (let x = Number(left) * SCALE; x < (Number(left) + Number(width)) * SCALE; x += 1) {
        pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
      }
    }
  }
  return pixels;
}

it.each([32, 33, 64, 100, 255, 256])("is read back by another library, for a secret of %i", (length) => {
  const link = `https://id.example.com/api/noauth/qr?secret=${newSecret(length).secret}&ttl=2`;
  const code = qrCode(link);
  const side = code.size * SCALE;
  expect(jsQr(picture(code), side, side)?.data).toBe(link);
});

it("is read back with a tenth of it unreadable, as under glare", () => {
  const link = `https://id.example.com/api/noauth/qr?secret=${"x".repeat(64)}&ttl=2`;
  const code = qrCode(link);
  const side = code.size * SCALE;
  const pixels = picture(code);
  const isLit = (at: number) => at > side * 0.36 && at < side * 0.64;
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      if (isLit(x) && isLit(y)) pixels.fill(255, (y * side + x) * 4, (y * side + x) * 4 + 3);
  expect(jsQr(pixels, side, side)?.data).toBe(link);
});

it("is nothing but runs of dark modules, and leaves the quiet zone white", () => {
  const { size, path } = qrCode("https://id.example.com");
  expect(path).toMatch(/^(?:M\d+ \d+h\d+v1h-\d+z)+$/);
  for (const [, left, top, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    expect(Math.min(Number(left), Number(top))).toBeGreaterThanOrEqual(4);
    expect(Math.max(Number(left) + Number(width), Number(top) + 1)).toBeLessThanOrEqual(size - 4);
  }
});
