import { createHmac } from "node:crypto";
import { db } from "@/lib/core/db";
import { currentKey, openKey } from "@/lib/tokens/key-ring";

type Header = Record<string, unknown>;
type Claims = Record<string, unknown> & { iat: number; exp: number };

/** Encodes a header or claims as a part of a token. */
export const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
const decode = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString());

/** Decodes a token without verifying it. */
export function readToken(token: string): { header: Header; claims: Claims } {
  const [header, claims] = token.split(".");
  return { header: decode(header), claims: decode(claims) };
}

/** Appends the HMAC signature to a token's first two parts. */
export function signed(body: string, secret: Uint8Array | string, digest = "sha512"): string {
  return `${body}.${createHmac(digest, secret).update(body).digest("base64url")}`;
}

/** The token with changed contents, signed with the current key unless `changes` says otherwise. */
export async function forge(
  token: string,
  changes: { header?: object; claims?: object; digest?: string; secret?: Uint8Array | string },
): Promise<string> {
  const { header, claims } = readToken(token);
  const secret = changes.secret ?? openKey(await currentKey(db())).secret;
  const body = `${encode({ ...header, ...changes.header })}.${encode({ ...claims, ...changes.claims })}`;
  return signed(body, secret, changes.digest);
}
