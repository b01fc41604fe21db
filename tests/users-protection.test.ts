import { beforeEach, describe, expect, it } from "vitest";
import {
  hasOtherAdministrator,
  lockAdministratorChanges,
  lockUserRow,
  type User,
} from "@/lib/accounts/store";
import { logIn } from "@/lib/auth/service/log-in";
import { lockAccount } from "@/lib/auth/store";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import {
  changeAuthority,
  deleteUser,
  disableUser,
  enableUser,
  unlockUser,
} from "@/lib/users/service/administer-user";
import { createUser } from "@/lib/users/service/create-user";
import { describeUser } from "@/lib/users/service/describe-user";
import { editUser } from "@/lib/users/service/edit-user";
import { issueUserLink } from "@/lib/users/service/issue-link";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { rowsRead } from "./support/plans";

const ROUNDS = 10;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  // Deletes the first start's administrator, who is only invited and would not count anyway.
  await db().user.deleteMany();
});

type Target = Pick<Person, "userId" | "email">;
const removals: [string, (actor: Person, target: Target) => Promise<{ ok: boolean }>][] = [
  ["disable", (actor, { userId }) => disableUser(actor, { userId })],
  [
    "demote",
    (actor, { userId }) => changeAuthority(actor, { userId, seen: "SYS_ADMIN", authority: "TENANT_ADMIN" }),
  ],
  ["delete", (actor, { userId, email }) => deleteUser(actor, { userId, email })],
];

const activeAdministrators = () => db().user.count({ where: { authority: "SYS_ADMIN", state: "ACTIVE" } });
const kinds = ["account-disabled", "authority-changed", "account-deleted"];

describe.each(removals)("to %s", (_name, remove) => {
  it("oneself is refused, also where there are others", async () => {
    const ada = await administrator();
    expect(await remove(ada, ada)).toEqual({ ok: false, code: "oneself" });
    await administrator();
    expect(await remove(ada, ada)).toEqual({ ok: false, code: "oneself" });
    expect((await describeUser(ada, ada.userId))?.protection).toBe("oneself");
    expect(await activeAdministrators()).toBe(2);
  });

  it("the last administrator who can still come in is refused", async () => {
    const ada = await administrator();
    const last = await makeUser({ authority: "SYS_ADMIN" });
    // A permanent lock while logged in: without `last`, nobody could lift it.
    await db().user.update({ where: { id: ada.userId }, data: { lockedAt: new Date(), lockedUntil: null } });
    expect(await remove(ada, { userId: last.id, email: last.email })).toEqual({
      ok: false,
      code: "last-administrator",
    });
    expect((await describeUser(ada, last.id))?.protection).toBe("last-administrator");
    expect(await db().auditEvent.count({ where: { kind: { in: kinds } } })).toBe(0);
  });

  it("an administrator is possible while another is left, also one whose lock ends by itself", async () => {
    const [ada, bob] = [await administrator(), await administrator()];
    const lock = { lockedAt: new Date(), lockedUntil: new Date(Date.now() + 60_000) };
    await db().user.update({ where: { id: ada.userId }, data: lock });
    expect((await describeUser(ada, bob.userId))?.protection).toBeNull();
    expect(await remove(ada, bob)).toEqual({ ok: true, email: bob.email });
    expect(await activeAdministrators()).toBe(1);
  });
});

it.each(["INVITED", "DISABLED"] as const)("an administrator who is %s is not the last one", async (state) => {
  const ada = await administrator();
  await db().user.update({ where: { id: ada.userId }, data: { lockedAt: new Date(), lockedUntil: null } });
  const other = await makeUser({ authority: "SYS_ADMIN", state });
  expect((await describeUser(ada, other.id))?.protection).toBeNull();
});

describe("while another administrator is locked for good", () => {
  /** Locks `other` for good in a transaction. Calls `begin` before its commit, and returns the result after it. */
  async function whileLockPending<T>(begin: () => Promise<T>, other: { id: string }): Promise<T> {
    let begun: Promise<T> | undefined;
    await db().$transaction(async (tx) => {
      await lockAdministratorChanges(tx);
      await lockAccount(tx, other.id, { at: new Date(), until: null });
      begun = begin();
      await expect.poll(countWaiting).toBe(1);
      // Whoever waits for this lock has locked no account yet, for which this transaction might wait in turn.
      const free = await tx.$queryRaw<unknown[]>`SELECT FROM users FOR UPDATE SKIP LOCKED`;
      expect(free).toHaveLength(await tx.user.count());
    });
    return begun as Promise<T>;
  }

  it.each(removals)("the last one waits, and to %s them is refused", async (_name, remove) => {
    const ada = await administrator();
    const last = await makeUser({ authority: "SYS_ADMIN" });
    const answer = await whileLockPending(() => remove(ada, { userId: last.id, email: last.email }), {
      id: ada.userId,
    });
    expect(answer).toEqual({ ok: false, code: "last-administrator" });
  });

  it("the lock of the last one waits for it, and has an end", async () => {
    await makeSettings({ general: { maxFailedLoginAttempts: 1, lockoutDurationMinutes: null } });
    await db().user.deleteMany();
    const [ada, last] = [
      await makeUser({ authority: "SYS_ADMIN" }),
      await makeUser({ authority: "SYS_ADMIN" }),
    ];
    const tried = { email: last.email, password: "wrong", kind: "BROWSER" } as const;
    await whileLockPending(() => logIn(anonymous(), tried), ada);
    expect(await db().user.findUnique({ where: { id: last.id } })).toMatchObject({
      lockedAt: expect.any(Date),
      lockedUntil: expect.any(Date),
    });
  });
});

it("another administrator is looked for without reading the accounts of others", async () => {
  const ada = await administrator();
  await db().$executeRaw`
    INSERT INTO users (id, email, email_key, authority, state)
    SELECT gen_random_uuid(), i || '@example.org', i || '@example.org', 'CUSTOMER_USER', 'ACTIVE'
    FROM generate_series(1, 5000) AS i`;
  await db().$executeRaw`VACUUM ANALYZE users`;
  const look = () => hasOtherAdministrator(db(), ada.userId);
  expect(await look()).toBe(false);
  expect(await rowsRead("users", look)).toBeLessThan(10);
});

describe("two administrators in one instant", () => {
  const pairs = removals.flatMap(([a, first]) =>
    removals.map(([b, second]) => ({ name: `${a} and ${b}`, first, second })),
  );

  it.each(pairs)("who $name one another leave exactly one", async ({ first, second }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await db().user.deleteMany();
      const [ada, bob] = [await administrator(), await administrator()];
      const answers = await Promise.all(
        [first(ada, bob), second(bob, ada)].map((answer) =>
          answer.then(
            ({ ok }) => ok,
            ({ code }) => code,
          ),
        ),
      );
      // Whoever is too late learns that, and not that the other is now the last one.
      expect(answers.sort()).toEqual([true, "unauthenticated"]);
      expect(await activeAdministrators()).toBe(1);
    }
    expect(await db().auditEvent.count({ where: { kind: { in: kinds } } })).toBe(ROUNDS);
  });

  it.each(pairs)(
    "who $name one another while a third is left: only the first does",
    async ({ first, second }) => {
      const [ada, bob] = [await administrator(), await administrator()];
      await administrator();
      let later: Promise<{ ok: boolean } | string> | undefined;
      await db().$transaction(async (tx) => {
        // As if Ada's change had begun, and Bob's came while it was not over.
        await lockAdministratorChanges(tx);
        const earlier = first(ada, bob);
        await expect.poll(countWaiting).toBe(1);
        later = second(bob, ada).catch((refusal) => refusal.code);
        await expect.poll(countWaiting).toBe(2);
        void earlier;
      });
      expect(await later).toBe("unauthenticated");
      expect(await activeAdministrators()).toBe(2);
    },
  );

  it("of whom one is disabled while enabling that account: it stays disabled", async () => {
    const [ada, bob] = [await administrator(), await administrator()];
    let later: Promise<{ ok: boolean } | string> | undefined;
    await db().$transaction(async (tx) => {
      await lockUserRow(tx, bob.userId);
      const earlier = disableUser(ada, bob);
      await expect.poll(countWaiting).toBe(1);
      later = enableUser(bob, bob).catch((refusal) => refusal.code);
      await expect.poll(countWaiting).toBe(2);
      void earlier;
    });
    expect(await later).toBe("unauthenticated");
    expect(await activeAdministrators()).toBe(1);
  });

  it("of whom one is demoted while enabling a third: the third stays disabled", async () => {
    const [ada, bob, cid] = [await administrator(), await administrator(), await administrator()];
    await disableUser(ada, cid);
    let later: Promise<{ ok: boolean } | string> | undefined;
    await db().$transaction(async (tx) => {
      await lockUserRow(tx, cid.userId);
      later = enableUser(bob, cid).catch((refusal) => refusal.code);
      await expect.poll(countWaiting).toBe(1);
      await changeAuthority(ada, { userId: bob.userId, seen: "SYS_ADMIN", authority: "TENANT_ADMIN" });
    });
    expect(await later).toBe("unauthenticated");
    expect(await activeAdministrators()).toBe(1);
  });

  const readdress = (actor: Person, { id: userId, email, firstName, lastName }: User) => {
    const seen = { email, firstName, lastName };
    return editUser(actor, { userId, seen, ...seen, email: "eve@example.org" });
  };
  const takeovers: [string, (actor: Person, user: User) => Promise<unknown>][] = [
    ["gives an account another address", readdress],
    [
      "edits what has changed since",
      (actor, { id: userId, email, lastName }) => {
        const seen = { email, firstName: "Earlier", lastName };
        return editUser(actor, { userId, seen, email, firstName: "Eve", lastName });
      },
    ],
    [
      "asks for a link to an account",
      (actor, { id: userId }) =>
        issueUserLink(actor, { userId, purpose: "PASSWORD_RESET", delivery: "copy" }),
    ],
    ["unlocks an account", (actor, { id: userId }) => unlockUser(actor, { userId })],
  ];

  it.each(takeovers)("of whom one is demoted while he %s: he is refused", async (_what, take) => {
    const [ada, bob] = [await administrator(), await administrator()];
    const user = await makeUser({ lockedAt: new Date() });
    const { taken } = await db().$transaction(async (tx) => {
      await lockUserRow(tx, user.id);
      const taken = take(bob, user).catch((refusal) => refusal.code);
      await expect.poll(countWaiting).toBe(1);
      await changeAuthority(ada, { userId: bob.userId, seen: "SYS_ADMIN", authority: "TENANT_ADMIN" });
      return { taken };
    });
    expect(await taken).toBe("unauthenticated");
    const { email, lockedAt } = user;
    expect(await db().user.findUniqueOrThrow({ where: { id: user.id } })).toMatchObject({ email, lockedAt });
    expect(await db().accountLink.count()).toBe(0);
  });

  it.each(removals)(
    "of whom one is demoted while he waits to %s an account that goes: he does not learn that it has gone",
    async (_name, remove) => {
      const [bob, user] = [await administrator(), await makeUser()];
      const { removed } = await db().$transaction(async (tx) => {
        await lockUserRow(tx, user.id);
        const removed = remove(bob, { userId: user.id, email: user.email }).catch((refusal) => refusal.code);
        await expect.poll(countWaiting).toBe(1);
        await tx.user.update({ where: { id: bob.userId }, data: { authority: "TENANT_ADMIN" } });
        await tx.user.delete({ where: { id: user.id } });
        return { removed };
      });
      expect(await removed).toBe("unauthenticated");
    },
  );

  it("of whom one is demoted while he invites another: he is refused", async () => {
    const [ada, bob] = [await administrator(), await administrator()];
    const eve = { email: "eve@example.org", firstName: "", lastName: "", authority: "SYS_ADMIN" } as const;
    const { invited } = await db().$transaction(async (tx) => {
      // As if somebody else's invitation had begun, and failed.
      const { id } = await tx.user.create({
        data: { email: eve.email, emailKey: eve.email, authority: "SYS_ADMIN" },
      });
      const invited = createUser(bob, { ...eve, sendMail: false }).catch((refusal) => refusal.code);
      await expect.poll(countWaiting).toBe(1);
      await changeAuthority(ada, { userId: bob.userId, seen: "SYS_ADMIN", authority: "TENANT_ADMIN" });
      await tx.user.delete({ where: { id } });
      return { invited };
    });
    expect(await invited).toBe("unauthenticated");
    expect(await db().user.count({ where: { emailKey: eve.email } })).toBe(0);
  });

  it("of whom one is demoted while he gives an account an address that is being given out: he is refused", async () => {
    const [ada, bob] = [await administrator(), await administrator()];
    const user = await makeUser();
    const eve = "eve@example.org";
    const { taken } = await db().$transaction(async (tx) => {
      // As if somebody else's invitation had begun, and failed.
      const { id } = await tx.user.create({
        data: { email: eve, emailKey: eve, authority: "CUSTOMER_USER" },
      });
      const taken = readdress(bob, user).catch((refusal) => refusal.code);
      await expect.poll(countWaiting).toBe(1);
      await changeAuthority(ada, { userId: bob.userId, seen: "SYS_ADMIN", authority: "TENANT_ADMIN" });
      await tx.user.delete({ where: { id } });
      return { taken };
    });
    expect(await taken).toBe("unauthenticated");
    expect(await db().user.count({ where: { emailKey: eve } })).toBe(0);
  });

  it("six, each of whom removes the next in every way at once, leave at least one", async () => {
    for (let round = 0; round < 5; round += 1) {
      await db().user.deleteMany();
      const six: Person[] = [];
      for (let i = 0; i < 6; i += 1) six.push(await administrator());
      await Promise.all(
        six.flatMap((actor, i) => {
          const target = six[(i + 1) % six.length] ?? actor;
          // Whoever has been removed meanwhile is refused.
          return removals.map(([, remove]) => remove(actor, target).catch(({ code }) => code));
        }),
      );
      expect(await activeAdministrators()).toBeGreaterThanOrEqual(1);
    }
  });
});
