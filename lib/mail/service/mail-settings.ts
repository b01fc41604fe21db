import "server-only";
import type { AuditDetails } from "@/lib/audit/schema";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { doAfterChange } from "@/lib/core/after-change";
import { type Db, db } from "@/lib/core/db";
import type { Invalid } from "@/lib/core/field-errors";
import { requireLastingSession } from "@/lib/core/lasting-session";
import type { Failure, Success } from "@/lib/core/result";
import { seal } from "@/lib/core/secrets";
import type { MailSettings } from "@/lib/settings/mail/schema";
import {
  mergedWith,
  type PanelEdit,
  reconcile,
  retryOnCollision,
  writePanel,
} from "@/lib/settings/revisions";
import { findRevision, readMailPanel, type StoredPanel } from "@/lib/settings/store";
import { countQueuedMessages } from "../entries/store";
import {
  defaultFromAddress,
  type EnvironmentMail,
  hasMailServer,
  mailOfEnvironment,
  PASSWORD_CONTEXT,
} from "../mail-server";
import { makeWaitingMailsDue } from "../retry-now";
import { type MailEdit, PASSWORD_WITHOUT_USER } from "../schema";

/** The mail panel for display: of the password, only whether there is one. */
export type MailPanel = Omit<StoredPanel<"mail">, "facts"> & { hasPassword: boolean };

export type MailConfiguration = {
  panel: MailPanel;
  environment: EnvironmentMail;
  /** The sender's address if none is entered. */
  defaultFrom: string;
};

export type SaveMailResult =
  | Success<{ panel: MailPanel; mergedWith: string | null }>
  | Invalid
  | Failure<"conflict", { theirs: MailPanel; mine: MailSettings; conflicts: string[] }>;

const shown = ({ facts, ...panel }: StoredPanel<"mail">): MailPanel => ({
  ...panel,
  hasPassword: Boolean(facts.sealedPassword),
});

/**
 * Returns the mail panel, and what the environment configures.
 * @throws Refusal for anyone but a system administrator
 */
export async function readMailConfiguration(actor: Actor): Promise<MailConfiguration> {
  requireAdministrator(actor);
  const panel = shown(await readMailPanel(db()));
  return { panel, environment: mailOfEnvironment(), defaultFrom: defaultFromAddress() };
}

/** Returns whether mails are sent, for the pages that announce one. Needs no authentication. */
export async function sendsMails(): Promise<boolean> {
  return hasMailServer(db());
}

/**
 * Returns whether there is a mail server, and how many mails wait, up to `COUNT_LIMIT`.
 * @throws Refusal for anyone but a system administrator
 */
export async function readMailReadiness(actor: Actor): Promise<{ hasServer: boolean; waiting: number }> {
  requireAdministrator(actor);
  const [hasServer, waiting] = await Promise.all([hasMailServer(db()), countQueuedMessages(db())]);
  return { hasServer, waiting };
}

/**
 * Saves the mail panel. The mails that wait for their next attempt become due, to be tried with the new server.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function updateMailSettings(
  actor: Actor,
  edit: MailEdit,
  now = new Date(),
): Promise<SaveMailResult> {
  const person = requireAdministrator(actor);
  const { password, removesPassword, ...values } = edit.values;
  const change = { version: edit.version, values, password, removesPassword };
  const result = await retryOnCollision((tx) => save(tx, person, change, now));
  // Any number of mails may wait, so this is not part of the transaction.
  if (result.ok && result.panel.version !== edit.version)
    await doAfterChange("mails-not-made-due", () => retryWaitingMails(now));
  return result;
}

async function retryWaitingMails(now: Date): Promise<void> {
  if (await hasMailServer(db())) await makeWaitingMailsDue(now);
}

/** An edit in which the stored values are separate from the change of the password. */
type Change = PanelEdit<"mail"> & Pick<MailEdit["values"], "password" | "removesPassword">;

async function save(tx: Db, actor: Person, edit: Change, now: Date): Promise<SaveMailResult> {
  const current = await readMailPanel(tx);
  const reconciled = await reconcile(tx, "mail", current, edit);
  if (!reconciled.ok && reconciled.code === "invalid") return reconciled;
  const contested = await contestedByPassword(tx, current, edit);
  if (!reconciled.ok || contested.length > 0) {
    const conflicts = [...new Set([...(reconciled.ok ? [] : reconciled.conflicts), ...contested])];
    return { ok: false, code: "conflict", theirs: shown(current), mine: edit.values, conflicts };
  }
  const { values } = reconciled;
  const invalid = checkPassword(current, values, edit);
  if (invalid) return invalid;
  const change = passwordChange(current, edit);
  const panel = await writePanel(tx, actor, "mail", {
    current,
    values,
    now,
    ...(change && {
      facts: { sealedPassword: edit.password === null ? null : seal(edit.password, PASSWORD_CONTEXT) },
      details: { password: change },
    }),
  });
  await requireLastingSession(tx, actor, now);
  return { ok: true, panel: shown(panel), mergedWith: mergedWith(actor, current, edit) };
}

/**
 * Returns the fields to choose in because an edit changes the password, and another save since it began:
 *
 * - the password too. A removal that is made again, because its answer was lost, changes nothing. A password that is
 *   given again counts as another one: if only a wrong one conflicted, a hijacked session could find the stored one by
 *   guessing.
 * - the server, or gave up encryption, where the edit did not: its password was not meant to be sent there.
 */
async function contestedByPassword(tx: Db, current: StoredPanel<"mail">, edit: Change): Promise<string[]> {
  if (edit.version === current.version || passwordChange(current, edit) === null) return [];
  const base = await findRevision(tx, "mail", edit.version);
  const { host, tls } = current.values;
  const isTheirs = (field: "host" | "tls") =>
    base?.values[field] !== current.values[field] && edit.values[field] !== current.values[field];
  return [
    ...((base?.facts.sealedPassword ?? null) !== (current.facts.sealedPassword ?? null)
      ? [edit.removesPassword ? "removesPassword" : "password"]
      : []),
    ...(edit.password !== null && host !== null && isTheirs("host") ? ["host"] : []),
    ...(edit.password !== null && tls === "none" && isTheirs("tls") ? ["tls"] : []),
  ];
}

/**
 * Allows the stored password to be sent only where it was meant to be sent: an edit that names another server, or gives
 * up encryption, must contain the password again. Otherwise an attacker with a hijacked session could have it sent to a
 * server of their own.
 */
function checkPassword(current: StoredPanel<"mail">, values: MailSettings, edit: Change): Invalid | null {
  const refuse = (message: string): Invalid => ({
    ok: false,
    code: "invalid",
    fieldErrors: { password: [message] },
  });
  if (edit.password !== null && !values.user) return refuse(PASSWORD_WITHOUT_USER);
  if (!current.facts.sealedPassword || edit.password !== null || edit.removesPassword) return null;
  if (values.host !== null && values.host !== current.values.host) {
    return refuse(
      `Enter the password again, or remove it: the stored one was given for ${current.values.host ?? "another server"}.`,
    );
  }
  if (values.tls === "none" && current.values.tls !== "none")
    return refuse("Enter the password again, or remove it: from now on it would be sent unencrypted.");
  return null;
}

/** Returns the change of the password for the audit log; null if it stays. */
function passwordChange(current: StoredPanel<"mail">, edit: Change): AuditDetails | null {
  const from = current.facts.sealedPassword ? "set" : "not set";
  if (edit.password !== null) return { from, to: from === "set" ? "changed" : "set" };
  return edit.removesPassword && from === "set" ? { from, to: "not set" } : null;
}
