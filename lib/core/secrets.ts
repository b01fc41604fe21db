import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  randomInt,
} from "node:crypto";
import { env } from "./env";

const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "v1";

/** Thrown when a sealed value cannot be opened: the key or the context differs, or the value was changed. */
export class SealBroken extends Error {
  override readonly name = "SealBroken";
  /** The message is for the person at the terminal, who needs no stack (server/startup-error.ts). */
  readonly hasUserMessage = true;

  constructor() {
    super(
      "A stored secret cannot be decrypted: SECRET_KEY is not the key it was encrypted with, or the secret is damaged.",
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
 * Encrypts a secret for storage: AES-256-GCM under a key derived from SECRET_KEY, with a fresh nonce each time, so that
 * equal secrets have different ciphertexts.
 * @param context what the value is. It is authenticated with the value, so that a sealed value cannot be put in
 * another's place
 * @returns `v1.` and the nonce, the ciphertext and the tag in Base64url
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

/** Decrypts a value that `seal` encrypted with the same context. @throws SealBroken */
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

/** Re-encrypts a sealed value under another key. @throws SealBroken if it was not sealed with the old key */
export type Reseal = (sealed: string, context: string) => string;

/**
 * Creates a function that re-encrypts sealed values from one SECRET_KEY to another. It maps equal sealed values to
 * equal ones, because some of them are compared.
 */
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

/** Returns whether a sealed value can be opened with a SECRET_KEY. */
export function canUnseal(secretKey: Buffer, sealed: string, context: string): boolean {
  try {
    return unsealWith(derive(secretKey), sealed, context).length > 0;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

/** Without `-` and `_`: where a program makes links of a text's addresses, such a character at the end is left out. */
const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Creates a random secret of exactly `length` letters and digits, with 5.95 bits of chance in each, and the digest that
 * is stored in its place.
 */
export function newSecret(length: number): { secret: string; digest: string } {
  const characters = Array.from({ length }, () =>
    LETTERS_AND_DIGITS.charAt(randomInt(LETTERS_AND_DIGITS.length)),
  );
  const secret = characters.join("");
  return { secret, digest: digestOf(secret) };
}

/** Returns the SHA-256 of a text in hex: stored in place of a secret, or of a text that is only compared. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Returns a short fingerprint of a key, by which two people can check that they mean the same key; it reveals nothing
 * about the key. It is the first 64 bits of an HMAC-SHA-256, in hex: `0123:4567:89ab:cdef`.
 */
export function keyFingerprint(key: Buffer): string {
  const digest = createHmac("sha256", "gatehouse key fingerprint").update(key).digest("hex");
  return (digest.slice(0, 16).match(/.{4}/g) ?? []).join(":");
}
