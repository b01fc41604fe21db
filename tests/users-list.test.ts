import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emailKey } from "@/lib/accounts/rules";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { DAY_MS } from "@/lib/core/durations/rules";
import { encodeUsersCursor } from "@/lib/users/cursor";
import { authorities, USERS_PAGE_SIZE, userSorts, userStates } from "@/lib/users/schema";
import { describeUser } from "@/lib/users/service/describe-user";
import { listUsers } from "@/lib/users/service/list-users";
import { countExpiredInvitations, estimateMatches, findUserRows } from "@/lib/users/store";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { preparedStatementsOf, rowsRead } from "./support/plans";

const NOW = new Date("2026-03-01T12:00:00Z");
const EARLIER = new Date("2026-03-01T11:00:00Z");
const LATER = new Date("2026-03-01T13:00:00Z");
const USER_COUNT = 150;

let admin: Person;

const person = (email: string, rest: object = {}) => ({
  email,
  emailKey: emailKey(email),
  authority: "CUSTOMER_USER" as const,
  state: "ACTIVE" as const,
  createdAt: EARLIER,
  ...rest,
});

beforeAll(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: EARLIER });
  admin = await administrator({ email: "zz-root@example.org", createdAt: EARLIER });
  await db().user.deleteMany({ where: { id: { not: admin.userId } } });
  await db().user.createMany({
    data: [
      ...Array.from({ length: USER_COUNT }, (_, i) =>
        person(`crowd-${(i * 7) % USER_COUNT}@crowd.example`, {
          // Many share a timestamp, and many never logged in: only the ids order them.
          createdAt: new Date(EARLIER.getTime() + (i % 3)),
          lastLoginAt: i % 2 === 0 ? new Date(EARLIER.getTime() + (i % 5)) : null,
        }),
      ),
      person("Jane.Doe@Example.org", { firstName: "Jane", lastName: "Dóe" }),
      person("aSE@example.org", { firstName: "Åse", lastName: "Østby" }),
      person("a_b@x.org", { firstName: "100%", lastName: "back\\slash" }),
      person("acb@x.org"),
      person("invited@x.org", { state: "INVITED" }),
      person("disabled@x.org", { state: "DISABLED", lockedAt: EARLIER }),
      person("locked@x.org", { lockedAt: EARLIER, lockedUntil: LATER }),
      person("locked-for-good@x.org", { lockedAt: EARLIER }),
      person("lapsed@x.org", { lockedAt: EARLIER, lockedUntil: NOW }),
    ],
  });
});

const list = (query: object) => listUsers(admin, query, NOW);
const emails = async (query: object) => (await list(query)).users.map(({ email }) => email);

/** The ids on all pages of a list. */
async function pages(query: object): Promise<string[]> {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await list({ ...query, after });
    expect(page.users.length).toBeLessThanOrEqual(USERS_PAGE_SIZE);
    seen.push(...page.users.map(({ id }) => id));
    after = page.nextCursor ?? undefined;
  } while (after);
  return seen;
}

describe("the search", () => {
  it.each([
    ["the beginning of an address", "jane.d", ["Jane.Doe@Example.org"]],
    ["the middle of an address, in any casing", "E.DOE@EX", ["Jane.Doe@Example.org"]],
    ["a first name", "jane", ["Jane.Doe@Example.org"]],
    ["a part of a last name", "stby", ["aSE@example.org"]],
    ["a decomposed letter", "Do\u0301e", ["Jane.Doe@Example.org"]],
    ["letters of other alphabets in another casing", "øSTB", ["aSE@example.org"]],
    ["first and last name", "åse øst", ["aSE@example.org"]],
    ["an underscore as such", "a_b", ["a_b@x.org"]],
    ["a percent sign as such", "%", ["a_b@x.org"]],
    ["a percent sign after its number", "00%", ["a_b@x.org"]],
    ["a backslash as such", "\\", ["a_b@x.org"]],
    ["a backslash among letters", "k\\s", ["a_b@x.org"]],
    ["one letter where a word begins", "ø", ["aSE@example.org"]],
    ["two letters where an address begins", "aC", ["acb@x.org"]],
    ["nobody by two letters within a word", "cb", []],
    ["three letters within a word", "acb", ["acb@x.org"]],
    ["the end of a word by its sign", "b@x", ["a_b@x.org", "acb@x.org"]],
    ["nobody", "nobody@example.org", []],
    ["nobody by two letters", "qq", []],
    ["nobody by signs alone", "__", []],
    ["with blanks around it", "  jane.doe ", ["Jane.Doe@Example.org"]],
  ])("finds %s", async (_name, search, found) => {
    expect(await emails({ search })).toEqual(found);
  });

  it.each([
    ["a NUL", "a\0b"],
    ["half a surrogate pair", "\ud800"],
    ["more than anybody types", "x".repeat(101)],
    ["several values", ["a", "b"]],
    ["blanks", "   "],
  ])("ignores %s", async (_name, search) => {
    expect(await emails({ search })).toHaveLength(USERS_PAGE_SIZE);
  });

  it.each(userSorts)("finds the same by %s when all matches are gathered first", async (sort) => {
    const filter = { search: "crowd", state: "active", sort } as const;
    const walked = await findUserRows(db(), filter, USER_COUNT, NOW);
    expect(walked).toHaveLength(USER_COUNT);
    expect(await findUserRows(db(), { ...filter, sortsAllMatches: true }, USER_COUNT, NOW)).toEqual(walked);
    const last = walked[USER_COUNT / 3 - 1];
    if (!last) throw new Error("There is nobody.");
    const { id, email, createdAt, lastLoginAt } = last;
    const value = {
      email,
      newest: createdAt.toISOString(),
      "last-login": lastLoginAt?.toISOString() ?? null,
      "oldest-login": lastLoginAt?.toISOString() ?? null,
    };
    const after = { sort, value: value[sort], id };
    const rest = await findUserRows(db(), { ...filter, after, sortsAllMatches: true }, USER_COUNT, NOW);
    expect(rest).toEqual(walked.slice(USER_COUNT / 3));
  });

  it("estimates its matches without reading them", async () => {
    await db().$executeRaw`ANALYZE users`;
    expect(await estimateMatches(db(), "crowd")).toBeGreaterThan(USER_COUNT / 2);
    expect(await estimateMatches(db(), "nobody' OR TRUE --")).toBeLessThan(USER_COUNT / 2);
  });

  it("is planned for what is searched, each time", async () => {
    const kept = await preparedStatementsOf(async () => {
      for (let times = 0; times < 8; times += 1) await list({ search: "jane" });
    });
    expect(kept.filter((statement) => statement.includes(" LIKE "))).toEqual([]);
    expect(kept).not.toEqual([]);
  });
});

describe("the states", () => {
  it.each([
    ["invited", ["invited@x.org"]],
    ["disabled", ["disabled@x.org"]],
    ["locked", ["locked-for-good@x.org", "locked@x.org"]],
  ])("%s", async (state, found) => {
    for (const sort of userSorts) expect((await emails({ state, sort })).sort()).toEqual(found);
  });

  it("cover everyone once", async () => {
    const all = (await Promise.all(userStates.map((state) => pages({ state })))).flat();
    expect(all.sort()).toEqual((await pages({})).sort());
    for (const state of userStates)
      expect(new Set((await list({ state })).users.map((user) => user.state))).toEqual(new Set([state]));
  });

  it("combine with a search", async () => {
    expect(await emails({ state: "active", search: "x.org" })).toEqual([
      "a_b@x.org",
      "acb@x.org",
      "lapsed@x.org",
    ]);
  });
});

describe("the authorities", () => {
  it("cover everyone once, in each order", async () => {
    for (const sort of userSorts) {
      const all = await Promise.all(authorities.map((authority) => pages({ authority, sort })));
      expect(all.flat().sort()).toEqual((await pages({})).sort());
      expect(all[0]).toEqual([admin.userId]);
      expect(all[1]).toEqual([]);
    }
  });

  it("combine with a state and a search", async () => {
    expect(await emails({ authority: "SYS_ADMIN", state: "active", search: "root" })).toEqual([
      "zz-root@example.org",
    ]);
    for (const other of [{ authority: "CUSTOMER_USER" }, { state: "disabled" }, { search: "jane" }]) {
      expect(await emails({ authority: "SYS_ADMIN", state: "active", search: "root", ...other })).toEqual([]);
    }
  });

  it("are everyone's when it is none of these", async () => {
    expect(await list({ authority: "ROOT" })).toEqual(await list({}));
  });
});

describe("the orders", () => {
  const time = (at: Date | null) => at?.getTime() ?? Number.NEGATIVE_INFINITY;
  const down = (a: string, b: string) => (a < b ? 1 : -1);

  it.each([
    // The rows come from the database in this order, whatever its collation.
    ["email", () => 0],
    ["newest", (a: Row, b: Row) => time(b.createdAt) - time(a.createdAt) || down(a.id, b.id)],
    [
      "last-login",
      (a: Row, b: Row) =>
        (time(b.lastLoginAt) === time(a.lastLoginAt) ? 0 : time(b.lastLoginAt) - time(a.lastLoginAt)) ||
        down(a.id, b.id),
    ],
    [
      "oldest-login",
      (a: Row, b: Row) =>
        (time(a.lastLoginAt) === time(b.lastLoginAt) ? 0 : time(a.lastLoginAt) - time(b.lastLoginAt)) ||
        down(b.id, a.id),
    ],
  ] as const)("by %s shows everyone once, over all pages", async (sort, compare) => {
    const rows = await db().user.findMany({ orderBy: { emailKey: "asc" } });
    expect(await pages({ sort })).toEqual(rows.sort(compare).map(({ id }) => id));
    const crowd = rows.filter(({ email }) => email.includes("@crowd.")).map(({ id }) => id);
    expect(crowd).toHaveLength(USER_COUNT);
    expect(await pages({ sort, search: "@CROWD." })).toEqual(crowd);
  });

  type Row = Awaited<ReturnType<ReturnType<typeof db>["user"]["findMany"]>>[number];

  it("is by address when it is none of these", async () => {
    expect(await list({ sort: "password_hash" })).toEqual(await list({}));
  });
});

describe("among a million accounts", () => {
  // The list decides by PostgreSQL's estimate of the table's size.
  const setEstimatedRows = (rows: number) =>
    db().$executeRaw`UPDATE pg_class SET reltuples = ${rows}::real WHERE oid = 'users'::regclass`;
  beforeAll(async () => {
    // It would correct the estimate.
    await db().$executeRaw`ALTER TABLE users SET (autovacuum_enabled = off)`;
    await setEstimatedRows(1_000_000);
  });
  afterAll(async () => {
    await setEstimatedRows(200);
    await db().$executeRaw`ALTER TABLE users RESET (autovacuum_enabled)`;
  });

  it("matches come newest first, each once over all pages", async () => {
    const newest = await pages({ sort: "newest", search: "@crowd." });
    expect(newest).toHaveLength(USER_COUNT);
    expect(await list({ search: "@crowd." })).toMatchObject({ sort: "newest" });
    expect(await pages({ search: "@crowd." })).toEqual(newest);
  });

  it("everything else keeps the order that was asked for", async () => {
    expect(await list({})).toMatchObject({ sort: "email" });
    expect(await list({ state: "active" })).toMatchObject({ sort: "email" });
    expect(await list({ sort: "last-login", search: "a" })).toMatchObject({ sort: "last-login" });
  });
});

describe("a hostile cursor", () => {
  const id = randomUUID();
  it.each([
    ["nothing", ""],
    ["noise", "%%%"],
    ["SQL", "'; DROP TABLE users; --"],
    ["another order’s", encodeUsersCursor({ sort: "newest", value: NOW.toISOString(), id })],
    ["a NUL", btoa(encodeURIComponent(JSON.stringify(["email", "a\0", id])))],
    ["endless", "A".repeat(700)],
    ["several", ["a", "b"]],
  ])("that is %s begins at the beginning", async (_name, after) => {
    expect(await list({ after })).toEqual(await list({}));
  });

  it.each([
    ["email", "' OR TRUE --"],
    ["newest", "9999-12-31T23:59:59.999Z"],
    ["newest", "1000-01-01T00:00:00Z"],
    ["last-login", null],
    ["oldest-login", null],
  ] as const)("by %s at %s is only a place", async (sort, value) => {
    const after = encodeUsersCursor({ sort, value, id });
    expect((await list({ sort, after })).users.length).toBeLessThanOrEqual(USERS_PAGE_SIZE);
  });
});

describe("those invited without a link that works", () => {
  it("are listed by themselves, in each order and over all pages, as many as the overview counts", async () => {
    const state = "invited-without-link";
    const mark = "unlinked";
    const invite = () => makeUser({ state: "INVITED", lastName: mark });
    const waiting = await invite();
    const asked = await invite();
    await makeLink(waiting.id, "ACTIVATION", NOW);
    await makeLink(asked.id, "UNLOCK", NOW);
    const { id: replaced } = await invite();
    await makeLink(replaced, "ACTIVATION", NOW);
    await db().accountLink.updateMany({ where: { userId: replaced }, data: { supersededAt: NOW } });
    const { id: expired } = await invite();
    await makeLink(expired, "ACTIVATION", new Date(NOW.getTime() - 7 * DAY_MS));
    const others = await Promise.all(Array.from({ length: USERS_PAGE_SIZE }, invite));
    const found = [asked.id, replaced, expired, ...others.map(({ id }) => id)].sort();
    for (const sort of userSorts) expect((await pages({ state, sort, search: mark })).sort()).toEqual(found);
    expect((await list({ state })).users.every((user) => user.state === "invited")).toBe(true);
    const all = await pages({ state });
    expect(await countExpiredInvitations(db(), NOW)).toBe(all.length);
    expect(all).not.toContain(waiting.id);
    await db().user.deleteMany({ where: { lastName: mark } });
  });
});

it("those active are found by their oldest login without reading the invited, who come before them", async () => {
  const others = await db().user.count();
  await db().$executeRaw`
    INSERT INTO users (id, email, email_key, authority)
    SELECT lpad(i::text, 32, '0')::uuid, i || '@crowd', i || '@crowd', 'CUSTOMER_USER'
    FROM generate_series(1, 5000) AS i`;
  await db().$executeRaw`ANALYZE users`;
  const look = () => list({ state: "active", sort: "oldest-login" });
  expect(await rowsRead("users", look)).toBeLessThanOrEqual(others);
  await db().user.deleteMany({ where: { email: { endsWith: "@crowd" } } });
});

it.each(["", "1", "x", "../users", `${randomUUID()}'`, "\0", randomUUID()])(
  "there is no account %j",
  async (id) => {
    expect(await describeUser(admin, id)).toBeNull();
  },
);

it("shows no secret of an account", async () => {
  const user = await makeUser();
  const text = JSON.stringify([await describeUser(admin, user.id), await list({ search: user.email })]);
  expect(text).not.toMatch(/argon2|digest|sealed|hash/i);
});
