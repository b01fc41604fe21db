import { beforeAll, expect, it } from "vitest";
import { listAuditEntries } from "@/lib/audit/service/list-entries";
import type { Actor, Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { listOutbox } from "@/lib/mail/service/outbox";
import { listSessions } from "@/lib/sessions/live/service";
import { listOwnSessions } from "@/lib/sessions/service/own-sessions";
import { listUsers } from "@/lib/users/service/list-users";
import { pageUsers } from "@/lib/users/service/page-users";
import { makeSettings } from "./support/accounts";
import { administrator } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";

let admin: Person;
let another: Person;

beforeAll(async () => {
  await emptyDatabase();
  await makeSettings();
  admin = await administrator();
  another = await administrator();
});

/** As a program asks for it. */
const firstPageOfUsers = (actor: Actor) =>
  pageUsers(actor, { search: "qz", sortProperty: "email", sortOrder: "ASC", pageSize: 10, page: 0 });

it.each<[table: string, list: (actor: Actor, input: unknown) => Promise<object>, query: object]>([
  ["audit_events", listAuditEntries, { person: "qz" }],
  ["outbox_messages", listOutbox, { recipient: "qz" }],
  ["sessions", listSessions, { search: "qz" }],
  ["sessions", listOwnSessions, {}],
  ["users", listUsers, { search: "qz" }],
  ["users", firstPageOfUsers, {}],
])(
  "however many pages of %s one person opens at once, connections are left to others",
  async (table, list, query) => {
    const { pages } = await db().$transaction(async (tx) => {
      await tx.$executeRawUnsafe(`LOCK TABLE ${table}`);
      const pages = Array.from({ length: 12 }, () => list(admin, query));
      await expect.poll(countWaiting).toBe(2);
      pages.push(list(another, query));
      await expect.poll(countWaiting).toBe(3);
      expect(await countWaiting()).toBe(3);
      return { pages };
    });
    expect(await Promise.all(pages)).toHaveLength(13);
  },
);
