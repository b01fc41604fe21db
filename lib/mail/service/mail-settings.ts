import "server-only";
import type { AuditDetails } from "@/lib/audit/schema";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { doAfterChange } from "@/lib/core/after-change";
import { type Db, db } from "@/lib/core/db";
import type { Invalid } from "@/lib/core/field-errors";
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
import { hastenWaitingMails } from "../haste";
import {
  defaultFromAddress,
  type EnvironmentMail,
  hasMailServer,
  mailOfEnvironment,
  PASSWORD_CONTEXT,
} from "../mail-server";
import { type MailEdit, PASSWORD_WITHOUT_USER } from "../schema";

/** The mail panel as far as it is shown: of the password only that there is one. */
export type MailPanel = Omit<StoredPanel<"mail">, "facts"> & { hasPassword: boolean };

export type MailConfiguration = {
  panel: MailPanel;
  environment: EnvironmentMail;
  /** What mails come from when no address is entered. */
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

/** The mail panel, and what the environment has settled. @throws Refusal for anyone but a system administrator */
export async function readMailConfiguration(actor: Actor): Promise<MailConfiguration> {
  requireAdministrator(actor);
  const panel = shown(await readMailPanel(db()));
  return { panel, environment: mailOfEnvironment(), defaultFrom: defaultFromAddress() };
}

/** Whether mails can leave, and how many wait. @throws Refusal for anyone but a system administrator */
export async function readMailReadiness(actor: Actor): Promise<{ hasServer: boolean; waiting: number }> {
  requireAdministrator(actor);
  const [hasServer, waiting] = await Promise.all([hasMailServer(db()), countQueuedMessages(db())]);
  return { hasServer, waiting };
}

/**
 * Saves the mail panel. What waits in the outbox is tried with the new server soon.
 * @throws Refusal for anyone but a system administrator
 */
export async function updateMailSettings(
  actor: Actor,
  edit: MailEdit,
  now = new Date(),
): Promise<SaveMailResult> {
  const person = requireAdministrator(actor);
  const { password, removesPassword, ...values } = edit.values;
  const change = { version: edit.version, values, password, removesPassword };
  const result = await retryOnCollision(() => db().$transaction((tx) => save(tx, person, change, now)));
  // As many mails as may wait are no part of that transaction.
  if (result.ok && result.panel.version !== edit.version && result.panel.values.host)
    await doAfterChange("mail-haste-failed", () => hastenWaitingMails(now));
  return result;
}

/** An edit with what is stored apart from what becomes of the password. */
type Change = PanelEdit<"mail"> & Pick<MailEdit["values"], "password" | "removesPassword">;

async function save(tx: Db, actor: Person, edit: Change, now: Date): Promise<SaveMailResult> {
  const current = await readMailPanel(tx);
  const reconciled = await reconcile(tx, "mail", current, edit);
  if (!reconciled.ok && reconciled.code === "invalid") return reconciled;
  const isContested = await isPasswordContested(tx, current, edit);
  if (!reconciled.ok || isContested) {
    const contested = edit.removesPassword ? "removesPassword" : "password";
    const conflicts = [...(reconciled.ok ? [] : reconciled.conflicts), ...(isContested ? [contested] : [])];
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
  return { ok: true, panel: shown(panel), mergedWith: mergedWith(actor, current, edit) };
}

/** Somebody else has changed the password since my edit began, and so would I. */
async function isPasswordContested(tx: Db, current: StoredPanel<"mail">, edit: Change): Promise<boolean> {
  if (edit.version === current.version || (edit.password === null && !edit.removesPassword)) return false;
  const base = await findRevision(tx, "mail", edit.version);
  return (base?.facts.sealedPassword ?? null) !== (current.facts.sealedPassword ?? null);
}

/**
 * A stored password goes only where it was meant to go: whoever names another server, or gives up the encryption,
 * enters it again. Else a borrowed session could have it sent to a server of its own.
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

/** What becomes of the password, as the audit tells it; null when it stays. */
function passwordChange(current: StoredPanel<"mail">, edit: Change): AuditDetails | null {
  const from = current.facts.sealedPassword ? "set" : "not set";
  if (edit.password !== null) return { from, to: from === "set" ? "changed" : "set" };
  return edit.removesPassword && from === "set" ? { from, to: "not set" } : null;
}
