import "server-only";
import { type Actor, type Host, requireHost } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { log } from "@/lib/core/log";
import { sweepSessions } from "@/lib/sessions/sweep";
import { retryOnCollision, writePanel } from "@/lib/settings/revisions";
import { type PanelValues, panelDefaults, type SecurityPanel } from "@/lib/settings/schema";
import { settingsInForce } from "@/lib/settings/service";
import { readPanels, type StoredPanel, type StoredPanels, serializeSaves } from "@/lib/settings/store";
import { currentKey } from "@/lib/tokens/key-ring";
import { serializeKeyChanges } from "@/lib/tokens/store";

/** Returns the settings in force; they contain no secret. @throws Refusal for anyone but the host */
export async function rescueShowSettings(actor: Actor): Promise<StoredPanels> {
  requireHost(actor);
  return settingsInForce();
}

/**
 * Restores a panel's defaults, with the same effect on live sessions as a save in the console. The mail panel cannot be
 * reset, because no default could name a mail server. The issuer belongs to the key (docs/decisions/0006) and stays: to
 * change it would end sessions or need a choice.
 * @throws Refusal for anyone but the host
 */
export async function rescueResetPanel(actor: Actor, panel: SecurityPanel, now = new Date()): Promise<void> {
  const host = requireHost(actor);
  const takeTurn = panel === "jwt" ? serializeKeyChanges : serializeSaves;
  await retryOnCollision((tx) => reset(tx, host, panel, now), takeTurn);
  if (panel !== "jwt") return;
  // The panel is reset whatever becomes of the sweep; a server's next sweep makes up for a failure.
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
  // The stored issuer may be damaged; the key's own issuer is the one that its tokens carry.
  const { issuer: tokenIssuer } = await currentKey(tx);
  await write("jwt", { tokenIssuer });
}
