import "server-only";
import { type Actor, type Host, requireHost } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { log } from "@/lib/core/log";
import { sweepSessions } from "@/lib/sessions/sweep";
import { retryOnCollision, writePanel } from "@/lib/settings/revisions";
import { type PanelValues, panelDefaults, type SecurityPanel } from "@/lib/settings/schema";
import { settingsInForce } from "@/lib/settings/service";
import { readPanels, type StoredPanel, type StoredPanels } from "@/lib/settings/store";
import { currentKey } from "@/lib/tokens/key-ring";

/** The settings in force; no secret is among them. @throws Refusal for anyone but the host */
export async function rescueShowSettings(actor: Actor): Promise<StoredPanels> {
  requireHost(actor);
  return settingsInForce();
}

/**
 * Puts a panel's defaults back in force, with what a save in the console would do to live sessions. The mail panel is not
 * among them, because no default could name a mail server. The issuer is that of the key, and stays: to change it would
 * end sessions or ask for a choice. @throws Refusal
 */
export async function rescueResetPanel(actor: Actor, panel: SecurityPanel, now = new Date()): Promise<void> {
  const host = requireHost(actor);
  await retryOnCollision(() => db().$transaction((tx) => reset(tx, host, panel, now)));
  if (panel !== "jwt") return;
  // The panel is back whatever becomes of this: what fails is done by a server's next look.
  await sweepSessions(now).catch((err) => log().error({ event: "session-sweep-failed", err }));
}

async function reset(tx: Db, host: Host, name: SecurityPanel, now: Date): Promise<void> {
  const stored = await readPanels(tx);
  const write = <P extends SecurityPanel>(panel: P, kept: Partial<PanelValues[P]> = {}) => {
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
