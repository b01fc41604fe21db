import { createHmac, generateKeyPairSync, sign as signWith } from "node:crypto";
import { COOKIE } from "../../fixtures/test";
import { actionNamed, answerOf, callAction } from "../actions";
import { readToken } from "./claims";
import type { RestTools } from "./rest-test";

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** What a forger changes; `undefined` leaves a claim out. */
export type Changes = {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  digest?: "sha256" | "sha384" | "sha512";
  secret?: Buffer | string;
};

/** The token with changed contents, signed as an attacker who has the key could sign it. */
export function forge(token: string, key: Buffer, changes: Changes): string {
  const { header, claims } = readToken(token);
  const body = `${encode({ ...header, ...changes.header })}.${encode({ ...claims, ...changes.claims })}`;
  const { digest = "sha512", secret = key } = changes;
  return `${body}.${createHmac(digest, secret).update(body).digest("base64url")}`;
}

/** The token with a changed header, signed with the forger's own RSA key. */
export function forgeByRsa(token: string, header: Record<string, unknown>): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const body = `${encode({ ...readToken(token).header, ...header })}.${token.split(".")[1]}`;
  return `${body}.${signWith("sha256", Buffer.from(body), privateKey).toString("base64url")}`;
}

/** The signing key, read through "Show key" of the settings page by a new administrator with their password. */
export async function shownKey({ arrange, url }: RestTools): Promise<string> {
  const { password, ...user } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  const { token } = await arrange("loggedIn", { ...user });
  const cookie = `${COOKIE}=${token}`;
  const answer = await callAction(url, actionNamed("revealKey"), JSON.stringify([{ password }]), { cookie });
  const { key } = answerOf(answer) as { key: string };
  return key;
}
