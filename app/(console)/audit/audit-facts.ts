import type { AuditDetails, AuditEntry, AuditKind } from "@/lib/audit/schema";
import { HOST } from "@/lib/core/host/rules";
import type { Part } from "./audit-parts";

/** The parts of an event that its sentence needs. */
export type AuditFacts = Pick<
  AuditEntry,
  "kind" | "actorEmail" | "subjectEmail" | "address" | "userAgent" | "details"
>;

/** Who caused an event: a person, Gatehouse itself, somebody with a shell on its host, or somebody not logged in. */
type AuditActor = { person: string } | "gatehouse" | "host" | "anonymous";

/** Events that only the account's proven owner can cause, without being logged in yet. */
const OWNER_ONLY_KINDS: ReadonlySet<string> = new Set<AuditKind>([
  "login-succeeded",
  "account-activated",
  "password-changed",
  "password-reset-forced",
]);

const OWNER_UNLOCKINGS: ReadonlySet<unknown> = new Set(["owner", "reset"]);

/** Returns who caused an event. */
export function auditActor(facts: AuditFacts): AuditActor {
  const { actorEmail, subjectEmail, userAgent, kind, details } = facts;
  // Only a command on the host has a name (lib/core/actor.ts).
  if (actorEmail === HOST) return userAgent === "" ? "gatehouse" : "host";
  if (actorEmail !== "") return { person: actorEmail };
  const isOwner =
    OWNER_ONLY_KINDS.has(kind) || OWNER_UNLOCKINGS.has(details.by) || details.reason === "password-expired";
  return isOwner && subjectEmail !== "" ? { person: subjectEmail } : "anonymous";
}

const person = (email: string, otherwise: string): Part => (email === "" ? otherwise : { person: email });
/** Returns the person whom the event is about, for use within a sentence. */
export const subjectOf = (facts: AuditFacts) => person(facts.subjectEmail, "somebody");
/** The same, for the start of a sentence. */
export const subjectAtStart = (facts: AuditFacts) => person(facts.subjectEmail, "Somebody");

const actorNames = {
  gatehouse: "Gatehouse",
  host: "Somebody on the host",
  anonymous: "Somebody",
} as const;

/** Returns who caused the event, for the start of a sentence. */
export function actorOf(facts: AuditFacts): Part {
  const actor = auditActor(facts);
  return typeof actor === "string" ? actorNames[actor] : actor;
}

/** Returns a text detail; null if it is missing, empty or not text. */
export function textOf(details: AuditDetails, key: string): string | null {
  const value = details[key];
  return typeof value === "string" && value !== "" ? value : null;
}

/** Returns a count; null if the detail is missing or not a count. */
export function countOf(details: AuditDetails, key: string): number | null {
  const value = details[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/**
 * Looks a kind or a detail up in a table; undefined for one that is unknown (a newer version may have written it) or not
 * text.
 */
export function fromTable<Value>(
  table: Readonly<Record<string, Value>>,
  detail: AuditDetails[string] | undefined,
): Value | undefined {
  return typeof detail === "string" && Object.hasOwn(table, detail) ? table[detail] : undefined;
}

/** Formats an ordinal number: 1st, 2nd, 3rd, 4th, 11th. */
export function ordinal(n: number): string {
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(n);
  return `${n.toLocaleString("en-US")}${{ one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" }[rule]}`;
}
