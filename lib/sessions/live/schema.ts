import { z } from "zod";
import { uuidCursorSchema } from "@/lib/core/cursor/schema";
import { idSchema } from "@/lib/core/id/schema";
import { personSearchSchema } from "@/lib/core/person-search/schema";
import { EVERYONE } from "./rules";

export const sessionKinds = ["BROWSER", "REST", "MOBILE"] as const;

export const SESSIONS_PAGE_SIZE = 50;

/** The list's query. What cannot be understood in it is ignored, as in any search. */
export const sessionsQuerySchema = z.object({
  /** Any part of the address or of a name of whoever is logged in. */
  search: personSearchSchema,
  kind: z.enum(sessionKinds).optional().catch(undefined),
  /** One person, by the id of the account. */
  user: idSchema.optional().catch(undefined),
  after: uuidCursorSchema,
});
export type SessionsQuery = z.infer<typeof sessionsQuerySchema>;

export const endSessionSchema = z.object({ sessionId: idSchema });

export const endAllSessionsSchema = z.object({
  word: z.literal(EVERYONE),
  /** Whether the session that the administrator acts in ends too. */
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
  kind: (typeof sessionKinds)[number];
  address: string;
  userAgent: string;
  createdAt: Date;
  lastSeenAt: Date;
  /** Of the key that signed its newest token. */
  keyFingerprint: string;
};

/** How many sessions of how many people. */
export type Reach = { sessions: number; people: number };
