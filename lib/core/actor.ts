import type { Authority } from "@/prisma/generated/enums";
import { Refusal } from "./errors";
import { HOST } from "./host/rules";

/** Where a request came from. */
export type Origin = {
  /** The client's network address as the HTTP front determined it; see TRUST_PROXY. "unknown" if it did not. */
  address: string;
  userAgent: string;
  requestId: string;
};

/** A user with a live session. */
export type Person = Origin & {
  kind: "person";
  userId: string;
  email: string;
  name: string;
  authority: Authority;
  sessionId: string;
  /** The key that signed the token. */
  kid: string;
  /** When the password was last proved, in this session or in the one that this session was opened from. */
  confirmedAt: Date;
};

export type Anonymous = Origin & { kind: "anonymous" };

/** Gatehouse itself, or an operator with a shell on its host. */
export type Host = Origin & { kind: "host" };

export type Actor = Person | Anonymous | Host;

/** Gatehouse itself. */
export const host: Host = { kind: "host", address: HOST, userAgent: "", requestId: "" };

/** An operator on the host. The audit log tells them from Gatehouse itself by the name of their command. */
export const operator: Host = { ...host, userAgent: "npm run admin" };

/**
 * Returns the actor if it is a system administrator.
 * @throws Refusal "unauthenticated" if nobody is logged in, "forbidden" for any other user
 */
export function requireAdministrator(actor: Actor): Person {
  const person = requirePerson(actor);
  if (person.authority !== "SYS_ADMIN") throw new Refusal("forbidden");
  return person;
}

/** Returns the actor if it is Gatehouse itself or an operator on its host. @throws Refusal "forbidden" */
export function requireHost(actor: Actor): Host {
  if (actor.kind !== "host") throw new Refusal("forbidden");
  return actor;
}

/** Returns the actor if it is a logged-in user. @throws Refusal "unauthenticated" */
export function requirePerson(actor: Actor): Person {
  if (actor.kind !== "person") throw new Refusal("unauthenticated");
  return actor;
}
