import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import type { FieldErrors, Invalid } from "@/lib/core/field-errors";
import { requireLastingSession } from "@/lib/core/lasting-session";
import type { Failure, Success } from "@/lib/core/result";
import type { GeneralPolicy } from "../general/schema";
import type { PasswordPolicy } from "../password/schema";
import { checkPanel, retryOnCollision, writePanel } from "../revisions";
import { settingsInForce } from "../service";
import { readPanels, type StoredPanels, serializeSaves } from "../store";

/** The two policies that ThingsBoard keeps in one object; `version` is the sum of the two panels' versions. */
export type SecuritySettings = { general: GeneralPolicy; password: PasswordPolicy; version: number };

/** A partial edit: an undefined field stays as it is. */
type Given<T> = { [K in keyof T]?: T[K] | undefined };
export type SecuritySettingsEdit = {
  general: Given<GeneralPolicy>;
  password: Given<PasswordPolicy>;
  /** The version that the edit began from; without it, the edit replaces whatever is in force. */
  version?: number | undefined;
};

// Every save adds one to a panel's version, so the sum stays the same only while nothing is saved.
function together({ general, password }: Pick<StoredPanels, "general" | "password">): SecuritySettings {
  const version = general.version + password.version;
  return { general: general.values, password: password.values, version };
}

/** Returns both policies and their version. @throws Refusal for anyone but a system administrator */
export async function readSecuritySettings(actor: Actor): Promise<SecuritySettings> {
  requireAdministrator(actor);
  return together(await settingsInForce());
}

/**
 * Saves both policies at once, or neither. Fails with "conflict" if `edit.version` is given and is not in force.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function saveSecuritySettings(
  actor: Actor,
  edit: SecuritySettingsEdit,
  now = new Date(),
): Promise<Success<SecuritySettings> | Invalid | Failure<"conflict">> {
  const person = requireAdministrator(actor);
  return retryOnCollision(async (tx) => {
    // Two saves that change different panels would collide on no key, so the second would not notice the first.
    await serializeSaves(tx);
    const current = await readPanels(tx);
    if (edit.version !== undefined && edit.version !== together(current).version) {
      return { ok: false, code: "conflict" } as const;
    }
    const general = checkPanel("general", overlaid(current.general.values, edit.general));
    const password = checkPanel("password", overlaid(current.password.values, edit.password));
    if (!general.ok || !password.ok) {
      const fieldErrors = {
        ...(general.ok ? {} : general.fieldErrors),
        ...(password.ok ? {} : withinPolicy(password.fieldErrors)),
      };
      return { ok: false, code: "invalid", fieldErrors } as const;
    }
    const [generalNow, passwordNow] = [
      await writePanel(tx, person, "general", { current: current.general, values: general.values, now }),
      await writePanel(tx, person, "password", { current: current.password, values: password.values, now }),
    ];
    await requireLastingSession(tx, person, now);
    return { ok: true, ...together({ general: generalNow, password: passwordNow }) } as const;
  });
}

function overlaid<T extends object>(values: T, given: Given<T>): T {
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...values, ...Object.fromEntries(defined) };
}

/** Renames the password policy's fields to their names in the one object: `passwordPolicy.<field>`. */
function withinPolicy(fieldErrors: FieldErrors): FieldErrors {
  const named = Object.entries(fieldErrors).map(([field, texts]) => [`passwordPolicy.${field}`, texts]);
  return Object.fromEntries(named);
}
