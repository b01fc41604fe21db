import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { env } from "./env";

const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "v1";

/** Thrown when a sealed value cannot be opened: the key is another one, or the value was changed. */
export class SealBroken extends Error {
  override readonly name = "SealBroken";
  constructor() {
    super(
      "A sealed value cannot be opened: SECRET_KEY is not the one it was sealed with, or the value was damaged.",
    );
  }
}

let derived: Buffer | undefined;

function sealingKey(): Buffer {
  derived ??= Buffer.from(hkdfSync("sha256", env().SECRET_KEY, "gatehouse", "seal", 32));
  return derived;
}

/**
 * Encrypts a secret for storage (AES-256-GCM, a fresh nonce each time, so that equal secrets do not look equal).
 * @param context what the value is, bound to it so that one sealed value cannot be put in another's place
 */
export function seal(secret: Buffer | string, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", sealingKey(), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${sealed.toString("base64url")}`;
}

/** Opens what `seal` closed. @throws SealBroken */
export function unseal(sealed: string, context: string): Buffer {
  const [version, body = ""] = sealed.split(".");
  const bytes = Buffer.from(body, "base64url");
  if (version !== VERSION || bytes.length < IV_BYTES + TAG_BYTES) throw new SealBroken();
  const decipher = createDecipheriv("aes-256-gcm", sealingKey(), bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new SealBroken();
  }
}

/** A 256-bit random secret for a link, URL-safe, with the digest that is stored in its place. */
export function newLinkSecret(): { secret: string; digest: string } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, digest: linkDigest(secret) };
}

/** What the database knows of a link's secret. */
export function linkDigest(secret: string): string {
  return digestOf(secret);
}

/** SHA-256, hex: for telling equal texts from others without keeping them. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A short name for a key by which two people can tell that they mean the same one; it says nothing about the key. */
export function keyFingerprint(key: Buffer): string {
  const digest = createHmac("sha256", "gatehouse key fingerprint").update(key).digest("hex");
  return (digest.slice(0, 16).match(/.{4}/g) ?? []).join(":");
}
