import { randomUUID } from "node:crypto";
import type { User } from "@/lib/accounts/store";
import type { Anonymous, Origin, Person } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { type StartedSession, startSession } from "@/lib/sessions/start-session";
import { lockSessionRow } from "@/lib/sessions/store";
import { settingsInForce } from "@/lib/settings/service";
import type { SessionKind } from "@/prisma/generated/client";
import { makeUser } from "./accounts";

/** An address reserved for documentation: TEST-NET-3 (RFC 5737). */
export const ADDRESS = "203.0.113.7";

function from(address: string): Origin {
  return { address, userAgent: "Mozilla/5.0 (tests)", requestId: randomUUID() };
}

/** An unauthenticated caller at a network address. */
export function anonymous(address = ADDRESS): Anonymous {
  return { kind: "anonymous", ...from(address) };
}

/** Begins a session for an account, as a login does. Requires `makeSettings` first. */
export async function loggedIn(
  user: User,
  options: { kind?: SessionKind; address?: string; now?: Date } = {},
): Promise<{ person: Person } & StartedSession> {
  const { kind = "BROWSER", address = ADDRESS, now = new Date() } = options;
  const { id: userId, email, authority, firstName, lastName } = user;
  const origin = from(address);
  const jwt = (await settingsInForce()).jwt.values;
  const session = await db().$transaction((tx) =>
    startSession(tx, { userId, email, authority, firstName, lastName }, kind, { origin, jwt, now }),
  );
  const person = await authenticate(session.token, kind, origin, now);
  if (!person) throw new Error(`${email} could not be logged in: is the account active?`);
  return { person, ...session };
}

/** Begins an app's session for a logged-in person, and locks the session that vouches for it, as an exchange does. */
export async function signInApp(
  tx: Db,
  { person, sessionId }: { person: Person; sessionId: string },
  now: Date,
): Promise<StartedSession> {
  const { userId, email, authority } = person;
  const jwt = (await settingsInForce(tx)).jwt.values;
  const subject = { userId, email, authority, firstName: "", lastName: "" };
  const session = await startSession(tx, subject, "MOBILE", { origin: from(ADDRESS), jwt, now });
  if (!(await lockSessionRow(tx, sessionId, now))) throw new Error(`${email} is not logged in.`);
  return session;
}

/** Makes a system administrator who has just logged in. */
export async function administrator(wanted: Parameters<typeof makeUser>[0] = {}): Promise<Person> {
  const user = await makeUser({ authority: "SYS_ADMIN", ...wanted });
  return (await loggedIn(user)).person;
}
