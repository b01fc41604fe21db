import { randomUUID } from "node:crypto";
import { emailKey } from "@/lib/accounts/rules";
import { provision } from "@/lib/accounts/service/provision";
import type { User } from "@/lib/accounts/store";
import { db } from "@/lib/core/db";
import { hashPassword } from "@/lib/password/hash";
import { type PanelValues, panels, type SecurityPanel } from "@/lib/settings/schema";
import { insertRevision, readPanels } from "@/lib/settings/store";

/** The password of an account from `makeUser`, unless the test wants another. It satisfies the default policy. */
export const PASSWORD = "correct horse battery staple";

const hashes = new Map<string, Promise<string>>();

function hashOf(password: string): Promise<string> {
  const hash = hashes.get(password) ?? hashPassword(password);
  hashes.set(password, hash);
  return hash;
}

export type MadeUser = User & { password: string };

/**
 * Adds an account: an active customer user with the password `PASSWORD`, unless `wanted` says otherwise. An invited one
 * has no password by default. Each process hashes equal passwords only once.
 */
export async function makeUser(
  wanted: Partial<Omit<User, "id" | "emailKey" | "passwordHash">> & { password?: string } = {},
): Promise<MadeUser> {
  const { password = PASSWORD, ...rest } = wanted;
  const { state = "ACTIVE", email = `${randomUUID().slice(0, 13)}@example.org` } = rest;
  const hasPassword = state !== "INVITED" || wanted.password !== undefined;
  const user = await db().user.create({
    data: {
      firstName: "Ada",
      lastName: "Lovelace",
      authority: "CUSTOMER_USER",
      passwordHash: hasPassword ? await hashOf(password) : null,
      passwordSetAt: hasPassword ? new Date() : null,
      ...rest,
      state,
      email,
      emailKey: emailKey(email),
    },
  });
  return { ...user, password };
}

/**
 * Makes what the first start makes (settings, key, first administrator), unless that was done before. Then stores the
 * wanted values as a new version of each panel; unlike a save by an administrator, this writes no audit event.
 */
export async function makeSettings(
  wanted: { [P in SecurityPanel]?: Partial<PanelValues[P]> } = {},
  { savedAt = new Date(), expirySwitchedOnAt }: { savedAt?: Date; expirySwitchedOnAt?: Date | null } = {},
): Promise<void> {
  if ((await readPanels(db())).general.version === 0) await provision(savedAt);
  const stored = await readPanels(db());
  for (const panel of panels) {
    if (!wanted[panel]) continue;
    const facts = { ...stored[panel].facts };
    if (panel === "password" && expirySwitchedOnAt !== undefined) {
      facts.expirySwitchedOnAt = expirySwitchedOnAt?.toISOString() ?? null;
    }
    await insertRevision(db(), panel, {
      version: stored[panel].version + 1,
      values: { ...stored[panel].values, ...wanted[panel] },
      facts,
      savedAt,
      savedByEmail: "host",
    });
  }
  const issuer = wanted.jwt?.tokenIssuer;
  if (issuer) await db().signingKey.updateMany({ where: { verifyUntil: null }, data: { issuer } });
}
