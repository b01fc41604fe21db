import { beforeAll, expect, it } from "vitest";
import { listAuditEntries } from "@/lib/audit/service/list-entries";
import type { Actor, Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { readKeyRing } from "@/lib/jwt-security/service/read-key-ring";
import { listOutbox } from "@/lib/mail/service/outbox";
import { listSessions } from "@/lib/sessions/live/service";
import { listOwnSessions } from "@/lib/sessions/service/own-sessions";
import { describeUser } from "@/lib/users/service/describe-user";
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

const accountOfOne = (actor: Actor) => describeUser(actor, admin.userId);
const sessionsOfOne = (actor: Actor) => listSessions(actor, { user: admin.userId });
const keyRing = (actor: Actor) => readKeyRing(actor);
/** As a program asks for it. */
const firstPageOfUsers = (actor: Actor) =>
  pageUsers(actor, { search: "qz", sortProperty: "email", sortOrder: "ASC", pageSize: 10, page: 0 });

it.each<[table: string, list: (actor: Actor, input: unknown) => Promise<object | null>, query: object]>([
  ["audit_events", listAuditEntries, { person: "qz" }],
  ["outbox_messages", listOutbox, { recipient: "qz" }],
  ["sessions", listSessions, { search: "qz" }],
  ["sessions", sessionsOfOne, {}],
  ["sessions", accountOfOne, {}],
  ["sessions", listOwnSessions, {}],
  ["sessions", keyRing, {}],
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

it("however many networks one person opens pages of any list from, connections are left to others", async () => {
  const { pages } = await db().$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE audit_events, sessions`;
    const networks = Array.from({ length: 12 }, (_, n) => ({ ...admin, address: `198.51.100.${n}` }));
    const pages = networks.flatMap((actor): Promise<object>[] => [
      listOwnSessions(actor),
      listAuditEntries(actor, {}),
    ]);
    await expect.poll(countWaiting).toBeGreaterThan(3);
    pages.push(listOwnSessions(another));
    await expect.poll(countWaiting).toBeGreaterThan(4);
    expect(await countWaiting()).toBe(5);
    return { pages };
  });
  expect(await Promise.all(pages)).toHaveLength(25);
});

it("whoever crowds the lists with a stolen token keeps the owner, in another network, from none", async () => {
  const { crowd, own } = await db().$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE sessions`;
    const crowd = Promise.allSettled(Array.from({ length: 300 }, () => listSessions(admin, {})));
    await expect.poll(countWaiting).toBe(2);
    const own = listSessions({ ...admin, address: "198.51.100.1" }, {});
    void own.catch(() => undefined);
    await expect.poll(countWaiting).toBe(3);
    return { crowd, own };
  });
  expect(await own).toMatchObject({ sessions: expect.any(Array) });
  expect((await crowd).some(({ status }) => status === "rejected")).toBe(true);
});
