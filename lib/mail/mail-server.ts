import "server-only";
import { isIP } from "node:net";
import type { Db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { type Reseal, unseal } from "@/lib/core/secrets";
import type { TlsMode } from "@/lib/settings/mail/schema";
import {
  findSealedPasswords,
  readMailPanel,
  replaceSealedPassword,
  type StoredPanel,
} from "@/lib/settings/store";

export const PASSWORD_CONTEXT = "mail:password";

/** A mail server as it is spoken to. */
export type MailServer = {
  host: string;
  port: number;
  /** "auto", from the environment only: STARTTLS where the server offers it. */
  tls: TlsMode | "auto";
  login: { user: string; password: string } | null;
  from: Sender;
};
export type Sender = { name: string; address: string };

/** What the environment has set, as far as it may be shown: never the password. */
export type EnvironmentMail = {
  server: (Pick<MailServer, "host" | "port" | "tls"> & { user: string | null }) | null;
  from: string | null;
};

const SENDER_NAME = "Gatehouse";

/** The server of SMTP_URL; null when it is not set. `?tls=` takes the modes of the panel. */
function serverOfEnvironment(): Omit<MailServer, "from"> | null {
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
  const [, name, address] = /^(.*?)\s*<([^<>]+)>$/.exec(MAIL_FROM) ?? [];
  return address ? { name: name ?? "", address } : { name: SENDER_NAME, address: MAIL_FROM };
}

/** The address that mails come from when nobody has chosen one. */
export function defaultFromAddress(): string {
  const { hostname } = new URL(env().BASE_URL);
  const host = hostname.replace(/^\[|\]$/g, "");
  return `gatehouse@${isIP(host) ? "localhost" : host}`;
}

/** What SMTP_URL and MAIL_FROM have settled, for the console to say so. */
export function mailOfEnvironment(): EnvironmentMail {
  const server = serverOfEnvironment();
  const from = senderOfEnvironment();
  return {
    server: server && {
      host: server.host,
      port: server.port,
      tls: server.tls,
      user: server.login?.user ?? null,
    },
    from: from && (from.name ? `${from.name} <${from.address}>` : from.address),
  };
}

/** Whether the environment or the panel names a mail server. */
export async function hasMailServer(db: Db): Promise<boolean> {
  return serverOfEnvironment() !== null || (await readMailPanel(db)).values.host !== null;
}

/**
 * The mail server in force: the environment's, else the panel's; null when there is none, and mails wait.
 * @throws SealBroken when the panel's password cannot be opened
 */
export async function mailServerInForce(db: Db): Promise<MailServer | null> {
  const given = serverOfEnvironment();
  const sender = senderOfEnvironment();
  if (given && sender) return { ...given, from: sender };
  const panel = await readMailPanel(db);
  const server = given ?? serverOfPanel(panel);
  const address = panel.values.fromAddress ?? defaultFromAddress();
  return server && { ...server, from: sender ?? { name: SENDER_NAME, address } };
}

function serverOfPanel({ values, facts }: StoredPanel<"mail">): Omit<MailServer, "from"> | null {
  const { host, port, tls, user } = values;
  if (!host) return null;
  const password = facts.sealedPassword
    ? unseal(facts.sealedPassword, PASSWORD_CONTEXT).toString("utf8")
    : "";
  return { host, port, tls, login: user ? { user, password } : null };
}

/** Seals the panel's password anew in each of its versions. Returns in how many. @throws SealBroken */
export async function resealPassword(tx: Db, reseal: Reseal): Promise<number> {
  const rows = await findSealedPasswords(tx);
  for (const { version, sealedPassword } of rows)
    await replaceSealedPassword(tx, version, reseal(sealedPassword, PASSWORD_CONTEXT));
  return rows.length;
}
