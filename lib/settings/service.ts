import "server-only";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { driver, type RawDb } from "@/lib/core/db";
import { requireLastingSession } from "@/lib/core/lasting-session";
import { log } from "@/lib/core/log";
import {
  mergedWith,
  type PanelEdit,
  reconcile,
  retryOnCollision,
  type SavePanelResult,
  writePanel,
} from "./revisions";
import { readPanels, type StoredPanel, type StoredPanels } from "./store";

/** Returns the settings in force. Logs an error each time a default takes the place of a damaged field. */
export async function settingsInForce(tx: RawDb = driver()): Promise<StoredPanels> {
  const panels = await readPanels(tx);
  for (const [panel, { damaged }] of Object.entries(panels)) {
    if (damaged.length > 0) log().error({ event: "settings-damaged", panel, fields: damaged });
  }
  return panels;
}

/** Returns the three panels for display. @throws Refusal for anyone but a system administrator */
export async function readSettings(actor: Actor): Promise<StoredPanels> {
  requireAdministrator(actor);
  return settingsInForce();
}

/**
 * Saves the general policy, merged with other users' saves since `edit.version`; see `reconcile` for the failures.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function updateGeneralPolicy(actor: Actor, edit: PanelEdit<"general">, now = new Date()) {
  return savePanel(requireAdministrator(actor), "general", edit, now);
}

/**
 * Saves the password policy, merged with other users' saves since `edit.version`; see `reconcile` for the failures.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function updatePasswordPolicy(actor: Actor, edit: PanelEdit<"password">, now = new Date()) {
  return savePanel(requireAdministrator(actor), "password", edit, now);
}

async function savePanel<P extends "general" | "password">(
  actor: Person,
  panel: P,
  edit: PanelEdit<P>,
  now: Date,
): Promise<SavePanelResult<P>> {
  return retryOnCollision(async (tx) => {
    const current = (await readPanels(tx))[panel] as StoredPanel<P>;
    const reconciled = await reconcile(tx, panel, current, edit);
    if (!reconciled.ok) return reconciled;
    const panelNow = await writePanel(tx, actor, panel, { current, values: reconciled.values, now });
    await requireLastingSession(tx, actor, now);
    return { ok: true, panel: panelNow, mergedWith: mergedWith(actor, current, edit) };
  });
}
