import "server-only";
import { isIP } from "node:net";
import { hostname } from "node:os";
import type { Db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { type Reseal, unseal } from "@/lib/core/secrets";
import type { TlsMode } from "@/lib/settings/mail/schema";
import {
  findSealedPasswords,
  lockRevisions,
  readMailPanel,
  replaceSealedPassword,
  type StoredPanel,
} from "@/lib/settings/store";
import { clientNameOf } from "./rules";

export const PASSWORD_CONTEXT = "mail:password";

/** A mail server, with all that is needed to connect to it and send. */
export type MailServer = {
  host: string;
  port: number;
  /** "auto" (from SMTP_URL only): STARTTLS if the server offers it. */
  tls: TlsMode | "auto";
  login: { user: string; password: string } | null;
  from: Sender;
  /** The name by which Gatehouse introduces itself; null if it has none. */
  clientName: string | null;
};
export type Sender = { name: string; address: string };

/** What the environment configures, as far as it may be shown; the password is left out. */
export type EnvironmentMail = {
  server:
    | (Pick<MailServer, "host" | "port" | "tls"> & {
        user: string | null;
        hasPassword: boolean;
      })
    | null;
  from: string | null;
};

/** How to connect to a mail server. */
type Connection = Omit<MailServer, "from" | "clientName">;

const SENDER_NAME = "Gatehouse";

/** Returns the server of SMTP_URL; null if that is not set. `?tls=` may be "starttls" or "none". */
function serverOfEnvironment(): Connection | null {
  const { SMTP_URL } = env();
  if (!SMTP_URL) return null;
  const url = new URL(SMTP_URL);
  const isImplicit = url.protocol === "smtps:";
  const asked = url.searchParams.get("tls");
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isImplicit ? 465 : 587) : Number(url.port),
    tls: isImplicit ? "tls" : asked === "starttls" || asked === "none" ? asked : "auto",
    login: url.username
      ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
      : null,
  };
}

function senderOfEnvironment(): Sender | null {
  const { MAIL_FROM } = env();
  if (!MAIL_FROM) return null;
  const [, name = "", address] = /^(.*?)\s*<([^<>]+)>$/.exec(MAIL_FROM) ?? [];
  // In a mail's header, a name with a comma stands in quotation marks, so it may be written like that here.
  return address
    ? { name: name.replace(/^"([^"]*)"$/, "$1"), address }
    : { name: SENDER_NAME, address: MAIL_FROM };
}

/** Returns the sender's default address: `gatehouse@` and the host of BASE_URL, or `localhost` if that is an IP. */
export function defaultFromAddress(): string {
  const { hostname } = new URL(env().BASE_URL);
  const host = hostname.replace(/^\[|\]$/g, "");
  return `gatehouse@${isIP(host) ? "localhost" : host}`;
}

/** Returns what SMTP_URL and MAIL_FROM configure, for the console to show. */
export function mailOfEnvironment(): EnvironmentMail {
  const server = serverOfEnvironment();
  const from = senderOfEnvironment();
  return {
    server: server && {
      host: server.host,
      port: server.port,
      tls: server.tls,
      user: server.login?.user ?? null,
      hasPassword: Boolean(server.login?.password),
    },
    from: from && (from.name ? `${from.name} <${from.address}>` : from.address),
  };
}

/** Returns whether the environment or the panel names a mail server. */
export async function hasMailServer(db: Db): Promise<boolean> {
  return serverOfEnvironment() !== null || (await readMailPanel(db)).values.host !== null;
}

/**
 * Returns the mail server in force: the environment's, else the panel's. Null if there is none; mails then wait.
 * @throws SealBroken if the panel's password cannot be opened
 */
export async function mailServerInForce(db: Db): Promise<MailServer | null> {
  const given = serverOfEnvironment();
  const sender = senderOfEnvironment();
  const clientName = clientNameOf(hostname(), env().BASE_URL);
  if (given && sender) return { ...given, from: sender, clientName };
  const panel = await readMailPanel(db);
  const server = given ?? serverOfPanel(panel);
  const address = panel.values.fromAddress ?? defaultFromAddress();
  return server && { ...server, from: sender ?? { name: SENDER_NAME, address }, clientName };
}

function serverOfPanel({ values, facts }: StoredPanel<"mail">): Connection | null {
  const { host, port, tls, user } = values;
  if (!host) return null;
  const password = facts.sealedPassword
    ? unseal(facts.sealedPassword, PASSWORD_CONTEXT).toString("utf8")
    : "";
  return { host, port, tls, login: user ? { user, password } : null };
}

/**
 * Seals the panel's password anew in each version that has one.
 * @returns in how many versions
 * @throws SealBroken if a password was not sealed with the old key, or was damaged
 */
export async function resealPassword(tx: Db, reseal: Reseal): Promise<number> {
  await lockRevisions(tx);
  const rows = await findSealedPasswords(tx);
  for (const { version, sealedPassword } of rows)
    await replaceSealedPassword(tx, version, reseal(sealedPassword, PASSWORD_CONTEXT));
  return rows.length;
}
