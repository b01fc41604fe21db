import "server-only";
import { audit } from "@/lib/audit/service";
import { host } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { HOST } from "@/lib/core/host/rules";
import { hashPassword } from "@/lib/password/hash";
import { checkPassword, violationText } from "@/lib/password/rules";
import { panels } from "@/lib/settings/schema";
import { settingsInForce } from "@/lib/settings/service";
import { insertRevision } from "@/lib/settings/store";
import { generateSigningKey, installKey, openKey } from "@/lib/tokens/key-ring";
import { findCurrentKey } from "@/lib/tokens/store";
import { handOutLink } from "../password-links";
import { emailKey } from "../rules";
import {
  findOldestAdministrator,
  hasActivatedAdministrator,
  insertUser,
  serializeProvisioning,
} from "../store";

/** Who the first administrator is when ADMIN_EMAIL does not say. */
const DEFAULT_ADMINISTRATOR = "admin@gatehouse.local";

/** Thrown when ADMIN_PASSWORD is not a password that the default policy admits. It does not say the password. */
class AdminPasswordRefused extends Error {
  override readonly name = "AdminPasswordRefused";
}

export type Provisioned = {
  adminEmail: string;
  /** Where the first administrator chooses a password; null when that is done, by this one or another. */
  activationUrl: string | null;
  /** Whether this start made them, with the password of ADMIN_PASSWORD. */
  hasGivenPassword: boolean;
};

/**
 * Makes what a new database lacks: the settings, a signing key of its own, the first administrator. While no
 * administrator has ever chosen a password, every start hands out a fresh link, because the earlier one is known only by
 * its digest. Later ones are invited by those who can log in, and their links are nobody else's.
 * @throws SealBroken when SECRET_KEY is not the one that this database's key is sealed with
 * @throws AdminPasswordRefused
 */
export async function provision(now = new Date()): Promise<Provisioned> {
  const password = env().ADMIN_PASSWORD;
  const passwordHash = password === undefined ? null : await admittedHash(password);
  return db().$transaction(async (tx) => {
    await serializeProvisioning(tx);
    // Else the first to notice would be whoever logs in.
    const key = await findCurrentKey(tx);
    if (key) openKey(key);
    await provisionSettings(tx, now);
    const earlier = await findOldestAdministrator(tx);
    const admin = earlier ?? (await createFirstAdministrator(tx, passwordHash, now));
    const hasGivenPassword = earlier === null && passwordHash !== null;
    if (await hasActivatedAdministrator(tx)) {
      return { adminEmail: admin.email, activationUrl: null, hasGivenPassword };
    }
    const { url } = await handOutLink(tx, host, { owner: admin, delivery: "copy" }, now);
    return { adminEmail: admin.email, activationUrl: url, hasGivenPassword };
  });
}

async function admittedHash(password: string): Promise<string | null> {
  if (await findOldestAdministrator(db())) return null;
  const violations = checkPassword((await settingsInForce()).password.values, password);
  if (violations.length > 0) {
    throw new AdminPasswordRefused(`ADMIN_PASSWORD is refused. ${violations.map(violationText).join(" ")}`);
  }
  return hashPassword(password);
}

async function provisionSettings(tx: Db, now: Date): Promise<void> {
  const stored = await settingsInForce(tx);
  for (const panel of panels) {
    if (stored[panel].version > 0) continue;
    const key = panel === "jwt" ? await provisionKey(tx, stored.jwt.values.tokenIssuer, now) : null;
    await insertRevision(tx, panel, {
      version: 1,
      values: stored[panel].values,
      facts: key ? { keyFingerprint: key.fingerprint } : {},
      savedAt: now,
      savedByEmail: HOST,
    });
  }
}

async function provisionKey(tx: Db, issuer: string, now: Date) {
  return (await findCurrentKey(tx)) ?? installKey(tx, { key: generateSigningKey(), issuer, now });
}

async function createFirstAdministrator(tx: Db, passwordHash: string | null, now: Date) {
  const email = env().ADMIN_EMAIL ?? DEFAULT_ADMINISTRATOR;
  const user = await insertUser(tx, {
    email,
    emailKey: emailKey(email),
    authority: "SYS_ADMIN",
    createdAt: now,
    ...(passwordHash === null ? { state: "INVITED" } : { state: "ACTIVE", passwordHash, passwordSetAt: now }),
  });
  const subject = { id: user.id, email };
  await audit(tx, host, [{ kind: "account-created", subject, details: { authority: "SYS_ADMIN" } }], now);
  return user;
}
