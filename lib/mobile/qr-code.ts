import "server-only";
import { encode } from "uqr";

/** A QR code to draw: its side length in modules, quiet zone included, and an SVG path of the dark modules. */
export type QrCode = { size: number; path: string };

/** The quiet zone that scanners need around a code, in modules (ISO/IEC 18004, 6.3.8). */
const QUIET_ZONE = 4;

/** Encodes a text as a QR code of error correction level M: about a seventh of it may be unreadable, say from glare. */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  return { size, path: data.map(rowPath).join("") };
}

/** Returns the SVG path of a row: each run of dark modules is a rectangle one module high. */
function rowPath(row: boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; x += 1) {
    const begin = x;
    while (row[x]) x += 1;
    if (x > begin) path += `M${begin} ${y}h${x - begin}v1h${begin - x}z`;
  }
  return path;
}
