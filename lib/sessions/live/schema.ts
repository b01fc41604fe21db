import { z } from "zod/mini";
import { uuidCursorSchema } from "@/lib/core/cursor/schema";
import { idSchema } from "@/lib/core/id/schema";
import { personSearchSchema } from "@/lib/core/person-search/schema";
import { ifValid } from "@/lib/core/query-parameter/schema";
import type { SessionKind } from "@/prisma/generated/enums";
import { EVERYONE } from "./rules";

/** All kinds of sessions, in the order of lists. */
export const sessionKinds = ["BROWSER", "REST", "MOBILE"] as const satisfies readonly SessionKind[];

export const SESSIONS_PAGE_SIZE = 50;

/** The list's query parameters. Invalid values are ignored rather than refused. */
export const sessionsQuerySchema = z.object({
  /** Any part of the e-mail address or a name of the session's owner. */
  search: personSearchSchema,
  kind: ifValid(z.enum(sessionKinds)),
  /** Limits the list to one account, by its id. */
  user: ifValid(idSchema),
  /** Limits the list to the sessions whose newest token this key signed, by its id. */
  key: ifValid(idSchema),
  after: uuidCursorSchema,
});
export type SessionsQuery = z.infer<typeof sessionsQuerySchema>;

export const endSessionSchema = z.object({ sessionId: idSchema });

export const endAllSessionsSchema = z.object({
  word: z.literal(EVERYONE),
  /** Whether the administrator's own current session ends too. */
  includesOwn: z.boolean(),
});
export type EndAllSessionsInput = z.infer<typeof endAllSessionsSchema>;

/** A live session as administrators see it. */
export type SessionEntry = {
  id: string;
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
  kind: SessionKind;
  address: string;
  userAgent: string;
  createdAt: Date;
  lastSeenAt: Date;
  /** The fingerprint of the key that signed the session's newest token. */
  keyFingerprint: string;
  /** Whether that key still signs, with its issuer. */
  isKeyCurrent: boolean;
};

/** A number of sessions, and of the people they belong to. */
export type AffectedCount = { sessions: number; people: number };
