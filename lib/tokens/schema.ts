import { z } from "zod/mini";
import { counted } from "@/lib/core/count/rules";

/** HS512 requires a key at least as long as its digest, 512 bits (RFC 7518, 3.2). */
export const MIN_KEY_BYTES = 64;
const MAX_KEY_BYTES = 512;

const STRICT_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Returns how many bytes a strict Base64 text (RFC 4648, 4) encodes; null when it is not strict Base64. */
export function base64ByteLength(text: string): number | null {
  if (!STRICT_BASE64.test(text)) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** A signing key as an administrator enters it: strict Base64 of 64 to 512 bytes. */
export const signingKeySchema = z.string({ error: "Enter the signing key as Base64." }).check(
  z.maxLength(1024, {
    error: `The signing key must be at most ${counted(MAX_KEY_BYTES * 8, "bit")} (${MAX_KEY_BYTES} bytes).`,
    abort: true,
  }),
  z.superRefine((text, context) => {
    const bytes = base64ByteLength(text);
    if (bytes === null) {
      context.addIssue({
        code: "custom",
        message: "The signing key must be Base64: letters, digits, + and /, padded with =, without blanks.",
      });
    } else if (bytes < MIN_KEY_BYTES || bytes > MAX_KEY_BYTES) {
      context.addIssue({
        code: "custom",
        message: `The signing key must be ${MIN_KEY_BYTES * 8} to ${counted(MAX_KEY_BYTES * 8, "bit")}; this one has ${counted(bytes * 8, "bit")}.`,
      });
    }
  }),
);
