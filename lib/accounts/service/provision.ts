import "server-only";
import { host } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { env } from "@/lib/core/env";
import { HOST } from "@/lib/core/host/rules";
import { hashPassword } from "@/lib/password/hash";
import { checkPassword, violationText } from "@/lib/password/rules";
import { writePanel } from "@/lib/settings/revisions";
import { panels } from "@/lib/settings/schema";
import { settingsInForce } from "@/lib/settings/service";
import { insertRevision, type StoredPanel } from "@/lib/settings/store";
import { generateSigningKey, installKey, openKey } from "@/lib/tokens/key-ring";
import { findCurrentKey } from "@/lib/tokens/store";
import { addAccount } from "../new-account";
import { handOutLink } from "../password-links";
import { emailKey } from "../rules";
import { findOldestAdministrator, hasActivatedAdministrator, lockProvisioning } from "../store";

/** The first administrator's address when ADMIN_EMAIL is not set. */
const DEFAULT_ADMINISTRATOR = "admin@gatehouse.local";

/** How long a start waits for its hash. No request depends on it, and the machine may be busy, building for example. */
const START_WAIT_MS = 10 * MINUTE_MS;

/** Thrown when ADMIN_PASSWORD violates the password policy. The message does not contain the password. */
class AdminPasswordRefused extends Error {
  override readonly name = "AdminPasswordRefused";
  /** The message is for the person at the terminal, who needs no stack (server/startup-error.ts). */
  readonly hasUserMessage = true;
}

export type Provisioned = {
  adminEmail: string;
  /** The link with which the first administrator chooses a password; null when any administrator already has one. */
  activationLink: { url: string; expiresAt: Date } | null;
  /** Whether this start created the administrator with the password from ADMIN_PASSWORD. */
  hasGivenPassword: boolean;
  /** Whether the environment describes a first administrator, but this start found one already. */
  ignoresGivenAdministrator: boolean;
};

/**
 * Creates what a new database lacks: the settings, a random signing key and the first administrator. As long as no
 * administrator has a password, every start issues a new activation link for the oldest one, because only the digest of
 * the earlier link is stored. Administrators invite later ones themselves.
 * @throws SealBroken when SECRET_KEY is not the one that sealed this database's signing key
 * @throws AdminPasswordRefused when ADMIN_PASSWORD is needed and violates the password policy
 */
export async function provision(now = new Date()): Promise<Provisioned> {
  const password = env().ADMIN_PASSWORD;
  const passwordHash = password === undefined ? null : await admittedHash(password);
  return db().$transaction(async (tx) => {
    await lockProvisioning(tx);
    // Opens the key now, so that a wrong SECRET_KEY fails the start and not the first login.
    const key = await findCurrentKey(tx);
    if (key) openKey(key);
    await provisionSettings(tx, now);
    const earlier = await findOldestAdministrator(tx);
    const admin = earlier ?? (await createFirstAdministrator(tx, passwordHash, now));
    const provisioned = {
      adminEmail: admin.email,
      hasGivenPassword: earlier === null && passwordHash !== null,
      ignoresGivenAdministrator: earlier !== null && describesAnother(earlier),
    };
    const activationLink = (await hasActivatedAdministrator(tx))
      ? null
      : await handOutLink(tx, host, { owner: admin, delivery: "copy" }, now);
    return { ...provisioned, activationLink };
  });
}

/** Whether the environment asks for more than this administrator: for a password, or for another address. */
function describesAnother({ email }: { email: string }): boolean {
  const { ADMIN_EMAIL, ADMIN_PASSWORD } = env();
  return (
    ADMIN_PASSWORD !== undefined || (ADMIN_EMAIL !== undefined && emailKey(ADMIN_EMAIL) !== emailKey(email))
  );
}

async function admittedHash(password: string): Promise<string | null> {
  if (await findOldestAdministrator(db())) return null;
  const violations = checkPassword((await settingsInForce()).password.values, password);
  if (violations.length > 0) {
    throw new AdminPasswordRefused(`ADMIN_PASSWORD is refused. ${violations.map(violationText).join(" ")}`);
  }
  return hashPassword(password, { maxWaitMs: START_WAIT_MS });
}

async function provisionSettings(tx: Db, now: Date): Promise<void> {
  const stored = await settingsInForce(tx);
  const keyFingerprint = await provisionKey(tx, stored.jwt, now);
  for (const panel of panels) {
    if (stored[panel].version > 0) continue;
    await insertRevision(tx, panel, {
      version: 1,
      values: stored[panel].values,
      facts: panel === "jwt" ? { keyFingerprint } : {},
      savedAt: now,
      savedByEmail: HOST,
    });
  }
}

/**
 * Makes a signing key if there is none. That is a change of a JWT panel that exists already: an operator has deleted the
 * keys, because SECRET_KEY was lost.
 * @returns the fingerprint of the key that signs
 */
async function provisionKey(tx: Db, jwt: StoredPanel<"jwt">, now: Date): Promise<string> {
  const existing = await findCurrentKey(tx);
  if (existing) return existing.fingerprint;
  const { values, facts } = jwt;
  const { fingerprint: to } = await installKey(tx, {
    key: generateSigningKey(),
    issuer: values.tokenIssuer,
    now,
  });
  if (jwt.version > 0) {
    const details = { tokenSigningKey: { from: facts.keyFingerprint ?? null, to } };
    await writePanel(tx, host, "jwt", { current: jwt, values, facts: { keyFingerprint: to }, details, now });
  }
  return to;
}

async function createFirstAdministrator(tx: Db, passwordHash: string | null, now: Date) {
  const email = env().ADMIN_EMAIL ?? DEFAULT_ADMINISTRATOR;
  return addAccount(tx, host, { email, authority: "SYS_ADMIN", passwordHash }, now);
}
