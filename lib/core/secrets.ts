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

const derive = (secretKey: Buffer) => Buffer.from(hkdfSync("sha256", secretKey, "gatehouse", "seal", 32));

let derived: Buffer | undefined;

function sealingKey(): Buffer {
  derived ??= derive(env().SECRET_KEY);
  return derived;
}

/**
 * Encrypts a secret for storage (AES-256-GCM, a fresh nonce each time, so that equal secrets do not look equal).
 * @param context what the value is, bound to it so that one sealed value cannot be put in another's place
 */
export function seal(secret: Buffer | string, context: string): string {
  return sealWith(sealingKey(), secret, context);
}

function sealWith(key: Buffer, secret: Buffer | string, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${sealed.toString("base64url")}`;
}

/** Opens what `seal` closed. @throws SealBroken */
export function unseal(sealed: string, context: string): Buffer {
  return unsealWith(sealingKey(), sealed, context);
}

function unsealWith(key: Buffer, sealed: string, context: string): Buffer {
  const [version, body = ""] = sealed.split(".");
  const bytes = Buffer.from(body, "base64url");
  if (version !== VERSION || bytes.length < IV_BYTES + TAG_BYTES) throw new SealBroken();
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), {
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

/** Seals with another key what one key has sealed. @throws SealBroken when it was not that key */
export type Reseal = (sealed: string, context: string) => string;

/** What takes sealed values from one SECRET_KEY to another. Equal texts stay equal: some of them are compared. */
export function resealer(from: Buffer, to: Buffer): Reseal {
  const [old, next] = [derive(from), derive(to)];
  const done = new Map<string, string>();
  return (sealed, context) => {
    const known = done.get(sealed);
    if (known) return known;
    const resealed = sealWith(next, unsealWith(old, sealed, context), context);
    done.set(sealed, resealed);
    return resealed;
  };
}

/** Whether a sealed value can be opened with a SECRET_KEY. */
export function canUnseal(secretKey: Buffer, sealed: string, context: string): boolean {
  try {
    return unsealWith(derive(secretKey), sealed, context).length > 0;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

/** A 256-bit random secret for a link, URL-safe, with the digest that is stored in its place. */
export function newLinkSecret(): { secret: string; digest: string } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, digest: digestOf(secret) };
}

/** SHA-256, hex: what the database knows of a secret, and how equal texts are told from others without being kept. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A short name for a key by which two people can tell that they mean the same one; it says nothing about the key. */
export function keyFingerprint(key: Buffer): string {
  const digest = createHmac("sha256", "gatehouse key fingerprint").update(key).digest("hex");
  return (digest.slice(0, 16).match(/.{4}/g) ?? []).join(":");
}
