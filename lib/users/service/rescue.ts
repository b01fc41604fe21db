import "server-only";
import { closeLinks, type IssuedLink } from "@/lib/accounts/links";
import { handOutLink } from "@/lib/accounts/password-links";
import { emailKey } from "@/lib/accounts/rules";
import { findUserByEmailKey, insertUser, liftLock, type User } from "@/lib/accounts/store";
import { audit } from "@/lib/audit/service";
import { type Actor, type Host, requireHost } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { isUniqueViolation } from "@/lib/core/errors";
import type { Failure, Success } from "@/lib/core/result";
import { sweepSessionsAfterChange } from "@/lib/sessions/sweep";
import { retryOnCollision, writePanel } from "@/lib/settings/revisions";
import { type Panel, type PanelValues, panelDefaults } from "@/lib/settings/schema";
import { settingsInForce } from "@/lib/settings/service";
import { readPanels, type StoredPanel, type StoredPanels } from "@/lib/settings/store";
import { currentKey } from "@/lib/tokens/key-ring";
import type { NewUserInput } from "../schema";

/** What somebody with a shell on the host may do when the console is of no use: nobody can log in, or nobody is there. */

type Named = { email: string };
type UnknownAccount = Failure<"unknown-account">;

async function find(tx: Db, email: string): Promise<User | null> {
  return findUserByEmailKey(tx, emailKey(email));
}

/** Invites somebody and returns the link with which they choose a password. @throws Refusal for anyone but the host */
export async function rescueCreate(
  actor: Actor,
  { email, authority }: Pick<NewUserInput, "email" | "authority">,
  now = new Date(),
): Promise<Success<{ link: IssuedLink }> | Failure<"taken">> {
  const host = requireHost(actor);
  try {
    return await db().$transaction(async (tx) => {
      const user = await insertUser(tx, {
        email,
        emailKey: emailKey(email),
        authority,
        state: "INVITED",
        createdAt: now,
      });
      const subject = { id: user.id, email };
      await audit(tx, host, [{ kind: "account-created", subject, details: { authority } }], now);
      return { ok: true, link: await handOutLink(tx, host, { owner: user, delivery: "copy" }, now) } as const;
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return { ok: false, code: "taken" };
  }
}

/** Lifts a lock. @throws Refusal for anyone but the host */
export async function rescueUnlock(
  actor: Actor,
  { email }: Named,
  now = new Date(),
): Promise<Success | UnknownAccount | Failure<"not-locked">> {
  const host = requireHost(actor);
  return db().$transaction(async (tx) => {
    const user = await find(tx, email);
    if (!user) return { ok: false, code: "unknown-account" } as const;
    if (!(await liftLock(tx, user.id))) return { ok: false, code: "not-locked" } as const;
    await closeLinks(tx, { userId: user.id, purpose: "UNLOCK" }, now);
    const subject = { id: user.id, email: user.email };
    await audit(tx, host, [{ kind: "account-unlocked", subject, details: { by: "administrator" } }], now);
    return { ok: true } as const;
  });
}

/**
 * The link with which an account's person chooses a password: a reset link, or an activation link while there is none.
 * @throws Refusal for anyone but the host
 */
export async function rescueLink(
  actor: Actor,
  { email }: Named,
  now = new Date(),
): Promise<Success<{ link: IssuedLink }> | UnknownAccount | Failure<"disabled">> {
  const host = requireHost(actor);
  return db().$transaction(async (tx) => {
    const user = await find(tx, email);
    if (!user) return { ok: false, code: "unknown-account" } as const;
    if (user.state === "DISABLED") return { ok: false, code: "disabled" } as const;
    return { ok: true, link: await handOutLink(tx, host, { owner: user, delivery: "copy" }, now) } as const;
  });
}

/** The settings in force; no secret is among them. @throws Refusal for anyone but the host */
export async function rescueShowSettings(actor: Actor): Promise<StoredPanels> {
  requireHost(actor);
  return settingsInForce();
}

/** The panels whose values may be put back; keys, issuer and mail server are not among what a default could replace. */
export const resettablePanels = ["general", "password", "jwt"] as const satisfies Panel[];
export type ResettablePanel = (typeof resettablePanels)[number];

/**
 * Puts a panel's defaults back in force, with what a save in the console would do to live sessions. The issuer is that of
 * the key, and stays: changing it would end sessions or want a choice. @throws Refusal
 */
export async function rescueResetPanel(
  actor: Actor,
  panel: ResettablePanel,
  now = new Date(),
): Promise<void> {
  const host = requireHost(actor);
  await retryOnCollision(() => db().$transaction((tx) => reset(tx, host, panel, now)));
  if (panel === "jwt") await sweepSessionsAfterChange(now);
}

async function reset(tx: Db, host: Host, name: ResettablePanel, now: Date): Promise<void> {
  const stored = await readPanels(tx);
  const write = <P extends ResettablePanel>(panel: P, kept: Partial<PanelValues[P]> = {}) => {
    const current = stored[panel] as StoredPanel<P>;
    return writePanel(tx, host, panel, { current, values: { ...panelDefaults[panel], ...kept }, now });
  };
  if (name !== "jwt") {
    await write(name);
    return;
  }
  // What is stored of it may be damaged; the key's own is what tokens bear.
  const { issuer: tokenIssuer } = await currentKey(tx);
  await write("jwt", { tokenIssuer });
}
