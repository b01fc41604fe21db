import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emailKey } from "@/lib/accounts/rules";
import { db } from "@/lib/core/db";
import { findUserPage } from "@/lib/users/store";
import { makeSettings } from "../support/accounts";
import { emptyDatabase } from "../support/database";
import { call, outcome, tokensOf } from "../support/rest";

const EARLIER = new Date("2026-03-01T11:00:00Z");
const USER_COUNT = 47;
let token: string;

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
  ({ token } = await tokensOf({ authority: "SYS_ADMIN", email: "zz-root@example.org", createdAt: EARLIER }));
  await db().user.createMany({
    data: [
      ...Array.from({ length: USER_COUNT }, (_, i) =>
        person(`crowd-${(i * 7) % USER_COUNT}@crowd.example`, {
          // Many share a timestamp and a name: only the ids order them.
          createdAt: new Date(EARLIER.getTime() + (i % 3)),
          firstName: `First ${i % 4}`,
          lastName: `Last ${i % 5}`,
        }),
      ),
      person("Jane.Doe@Example.org", { firstName: "Jane", lastName: "Dóe" }),
      person("a_b@x.org", { firstName: "100%", state: "INVITED" }),
    ],
  });
});
afterAll(emptyDatabase);

const list = (query: string) => call("GET", `/api/users?${query}`, { token });
const emailsOf = (json: Record<string, unknown>) =>
  (json.data as { email: string }[]).map(({ email }) => email);

/** The addresses on all pages of a query, read page by page as a client does. */
async function walk(query: string): Promise<string[]> {
  const seen: string[] = [];
  for (let page = 0; ; page += 1) {
    const { status, json } = await list(`pageSize=10&page=${page}&${query}`);
    expect(status).toBe(200);
    seen.push(...emailsOf(json));
    expect(json.totalPages).toBe(Math.ceil(Number(json.totalElements) / 10));
    expect(json.hasNext).toBe(page + 1 < Number(json.totalPages));
    if (!json.hasNext) {
      expect(seen).toHaveLength(Number(json.totalElements));
      return seen;
    }
  }
}

const columns = { createdTime: "createdAt", email: "emailKey", firstName: "firstName", lastName: "lastName" };
type Property = keyof typeof columns;
const down = { ASC: "asc", DESC: "desc" } as const;

async function expected(property: Property, order: "ASC" | "DESC", where: object = {}): Promise<string[]> {
  const orderBy = [{ [columns[property]]: down[order] }, { id: down[order] }];
  return (await db().user.findMany({ where, orderBy })).map(({ email }) => email);
}

const everyOrder = (Object.keys(columns) as Property[]).flatMap((property) =>
  (["ASC", "DESC"] as const).map((order) => [property, order] as const),
);

describe("GET /api/users", () => {
  it.each(everyOrder)("by %s %s shows everyone once, over all pages", async (property, order) => {
    const query = `sortProperty=${property}&sortOrder=${order}`;
    expect(await walk(query)).toEqual(await expected(property, order));
    const crowd = { emailKey: { endsWith: "@crowd.example" } };
    expect(await walk(`${query}&textSearch=${encodeURIComponent("@CROWD.")}`)).toEqual(
      await expected(property, order, crowd),
    );
  });

  it.each(everyOrder)("by %s %s looks the same among a million matches", async (sortProperty, sortOrder) => {
    const query = { sortProperty, sortOrder, pageSize: 10, page: 2, search: "@crowd." };
    const few = await findUserPage(db(), query, USER_COUNT, EARLIER);
    expect(few).toHaveLength(10);
    expect(await findUserPage(db(), query, 1_000_000, EARLIER)).toEqual(few);
  });

  it("stands oldest first when nothing else is said, and upwards", async () => {
    expect(await walk("")).toEqual(await expected("createdTime", "ASC"));
    expect(await walk("sortProperty=&sortOrder=&textSearch=")).toEqual(await expected("createdTime", "ASC"));
    expect(await walk("sortProperty=email")).toEqual(await expected("email", "ASC"));
    expect(await walk("sortProperty=email&sortOrder=")).toEqual(await expected("email", "ASC"));
    expect(await walk("sortProperty=email&sortOrder=desc")).toEqual(await expected("email", "DESC"));
  });

  it("shows each as the user's own call does, and no secret", async () => {
    const { text, json } = await list("pageSize=1&page=0&textSearch=jane");
    const [shown] = json.data as { id: { id: string } }[];
    expect((await call("GET", `/api/user/${shown?.id.id}`, { token })).json).toEqual(shown);
    expect(text).not.toMatch(/argon2|hash|digest|sealed/i);
  });

  it.each([
    ["an address in any casing", "E.DOE@EX", ["Jane.Doe@Example.org"]],
    ["a name", "dóe", ["Jane.Doe@Example.org"]],
    ["an underscore as such", "a_b", ["a_b@x.org"]],
    ["a percent sign as such", "%", ["a_b@x.org"]],
    ["blanks around it", "  jane ", ["Jane.Doe@Example.org"]],
    ["nobody", "'; DROP TABLE users; --", []],
  ])("finds %s", async (_name, text, found) => {
    const { json } = await list(`pageSize=10&page=0&textSearch=${encodeURIComponent(text)}`);
    expect(emailsOf(json)).toEqual(found);
    expect(json).toMatchObject({
      totalElements: found.length,
      totalPages: found.length,
      hasNext: false,
    });
  });

  it("takes an empty search for none", async () => {
    expect(await walk("textSearch=")).toEqual(await walk(""));
    expect(await walk("textSearch=%20")).toEqual(await walk(""));
  });

  it.each(["1", "1000000", "2147483647"])(
    "has nobody on page %s, and says how many there are",
    async (page) => {
      const { status, json } = await list(`pageSize=1000&page=${page}`);
      expect([status, json]).toEqual([
        200,
        { data: [], totalPages: 1, totalElements: await db().user.count(), hasNext: false },
      ]);
    },
  );

  it.each([
    ["pageSize=10", ["page"]],
    ["page=0", ["pageSize"]],
    ["", ["page", "pageSize"]],
    ["pageSize=0&page=0", ["pageSize"]],
    ["pageSize=1001&page=0", ["pageSize"]],
    ["pageSize=10&page=-1", ["page"]],
    ["pageSize=10&page=2147483648", ["page"]],
    ["pageSize=10&page=1e3", ["page"]],
    ["pageSize=ten&page=0", ["pageSize"]],
    ["pageSize=10&pageSize=20&page=0", ["pageSize"]],
    ["pageSize=10&page=0&sortProperty=passwordHash", ["sortProperty"]],
    ["pageSize=10&page=0&sortProperty=constructor", ["sortProperty"]],
    ["pageSize=10&page=0&sortProperty=email;DROP", ["sortProperty"]],
    ["pageSize=10&page=0&sortProperty=email&sortOrder=sideways", ["sortOrder"]],
    ["pageSize=10&page=0&textSearch=%00", ["textSearch"]],
    [`pageSize=10&page=0&textSearch=${"x".repeat(101)}`, ["textSearch"]],
    ["pageSize=10&page=0&textSearch=a&textSearch=b", ["textSearch"]],
  ])("refuses %s, and names the field", async (query, fields) => {
    const got = await list(query);
    expect(outcome(got)).toEqual([400, 31]);
    expect(Object.keys(got.json.fieldErrors as object).sort()).toEqual(fields);
  });
});
