import type { Authority } from "@/prisma/generated/enums";
import { Refusal } from "./errors";
import { HOST } from "./host/rules";

/** Where a request came from. */
export type Origin = {
  /** The client's network address, as far as it can be trusted. */
  address: string;
  userAgent: string;
  requestId: string;
};

/** Somebody who has proved a password and holds a live session. */
export type Person = Origin & {
  kind: "person";
  userId: string;
  email: string;
  name: string;
  authority: Authority;
  sessionId: string;
  /** When the password was last proved in this session. */
  confirmedAt: Date;
};

export type Anonymous = Origin & { kind: "anonymous" };

/** Gatehouse itself, or somebody with a shell on its host. */
export type Host = Origin & { kind: "host" };

export type Actor = Person | Anonymous | Host;

export const host: Host = { kind: "host", address: HOST, userAgent: "", requestId: "" };

/** The actor, when it is a system administrator. @throws Refusal "unauthenticated" or "forbidden" */
export function requireAdministrator(actor: Actor): Person {
  const person = requirePerson(actor);
  if (person.authority !== "SYS_ADMIN") throw new Refusal("forbidden");
  return person;
}

/** The actor, when it is Gatehouse itself or somebody with a shell on its host. @throws Refusal "forbidden" */
export function requireHost(actor: Actor): Host {
  if (actor.kind !== "host") throw new Refusal("forbidden");
  return actor;
}

/** The actor, when somebody is logged in. @throws Refusal "unauthenticated" */
export function requirePerson(actor: Actor): Person {
  if (actor.kind !== "person") throw new Refusal("unauthenticated");
  return actor;
}
