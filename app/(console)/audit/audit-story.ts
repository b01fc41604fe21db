import type { AuditDetails, AuditEntry, AuditKind } from "@/lib/audit/schema";
import { HOST } from "@/lib/core/host/rules";
import type { Part } from "./audit-parts";

/** As much of an event as words need. */
export type AuditStory = Pick<AuditEntry, "kind" | "actorEmail" | "subjectEmail" | "address" | "details">;

/** Who did it: a person, Gatehouse itself (or somebody with a shell on its host), or somebody not logged in. */
export type AuditActor = { person: string } | "server" | "anonymous";

/** Events that only somebody who has proved to be the account's owner can cause, while not yet logged in. */
const OWN_DOING: ReadonlySet<AuditKind> = new Set([
  "login-succeeded",
  "account-activated",
  "password-changed",
  "password-reset-forced",
]);

const OWN_UNLOCKING: ReadonlySet<unknown> = new Set(["owner", "reset"]);

/** Who did what the event tells of. */
export function auditActor(story: AuditStory): AuditActor {
  const { actorEmail, subjectEmail, kind, details } = story;
  if (actorEmail === HOST) return "server";
  if (actorEmail !== "") return { person: actorEmail };
  const isOwner =
    OWN_DOING.has(kind) || OWN_UNLOCKING.has(details.by) || details.reason === "password-expired";
  return isOwner && subjectEmail !== "" ? { person: subjectEmail } : "anonymous";
}

const person = (email: string, otherwise: string): Part => (email === "" ? otherwise : { person: email });
/** Whom the event is about, within a sentence. */
export const subjectOf = (story: AuditStory) => person(story.subjectEmail, "somebody");
/** The same at the beginning of a sentence. */
export const SubjectOf = (story: AuditStory) => person(story.subjectEmail, "Somebody");

/** Who did it, at the beginning of a sentence. */
export function actorOf(story: AuditStory): Part {
  const actor = auditActor(story);
  if (actor === "server") return "Gatehouse";
  return actor === "anonymous" ? "Somebody" : actor;
}

/** A detail that is text; null for anything else, and for none. */
export function textOf(details: AuditDetails, key: string): string | null {
  const value = details[key];
  return typeof value === "string" && value !== "" ? value : null;
}

/** A detail that is a count; null for anything else. */
export function countOf(details: AuditDetails, key: string): number | null {
  const value = details[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** What a table holds for a detail; nothing for one that a newer version wrote, or that is none. */
export function fromTable<Value>(
  table: Readonly<Record<string, Value>>,
  detail: AuditDetails[string] | undefined,
): Value | undefined {
  return typeof detail === "string" && Object.hasOwn(table, detail) ? table[detail] : undefined;
}

/** 1st, 2nd, 3rd, 4th, 11th. */
export function ordinal(n: number): string {
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(n);
  return `${n.toLocaleString("en-US")}${{ one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" }[rule]}`;
}
