import { beforeEach, describe, expect, it } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { db } from "@/lib/core/db";
import { forgetReplacedPasswords } from "@/lib/password/retention";
import { insertReplacedPassword } from "@/lib/password/store";
import { makeSettings, makeUser } from "./support/accounts";
import { anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { pagesVisited } from "./support/plans";

const NOW = new Date("2026-11-24T09:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

/** Makes two people, each with a replaced password from every one of these days ago. */
async function replacePasswords(...days: number[]): Promise<void> {
  for (const { id } of [await makeUser(), await makeUser()])
    for (const day of days)
      await insertReplacedPassword(db(), {
        userId: id,
        hash: `replaced ${day} days ago`,
        replacedAt: daysAgo(day),
      });
}

const kept = async () =>
  (await db().passwordHistory.findMany({ orderBy: { hash: "asc" } })).map(({ hash }) => hash);

beforeEach(emptyDatabase);

describe("a replaced password", () => {
  it("is forgotten when the reuse rule needs it no more, whoever it was", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 30 } });
    await replacePasswords(29, 30, 31);
    expect(await forgetReplacedPasswords(NOW)).toBe(2);
    expect(await kept()).toEqual([29, 29, 30, 30].map((day) => `replaced ${day} days ago`));
    expect(await forgetReplacedPasswords(NOW)).toBe(0);
  });

  it("that another transaction works with is left to the next look, and keeps nobody waiting", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 30 } });
    await replacePasswords(31);
    await db().$transaction(async (tx) => {
      const { userId } = await tx.passwordHistory.findFirstOrThrow();
      await tx.passwordHistory.deleteMany({ where: { userId } });
      expect(await forgetReplacedPasswords(NOW)).toBe(1);
    });
    expect(await kept()).toEqual([]);
  });

  it("is found without reading those that are still needed", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 30 } });
    await db().$executeRaw`
      WITH people AS (
        INSERT INTO users (id, email, email_key, authority) SELECT gen_random_uuid(), n, n, 'CUSTOMER_USER'
        FROM (SELECT n || '@example.org' AS n FROM generate_series(1, 2000) AS n) AS addresses RETURNING id
      )
      INSERT INTO password_history (id, user_id, hash, replaced_at)
      SELECT gen_random_uuid(), id, repeat('x', 97), ${daysAgo(29)}::timestamptz + n * interval '1 day'
      FROM people, generate_series(0, 9) AS n`;
    await db().$executeRaw`ANALYZE password_history`;
    await replacePasswords(31);
    expect(await pagesVisited(() => forgetReplacedPasswords(NOW))).toBeLessThan(100);
    expect(await db().passwordHistory.count()).toBe(20_000);
  });

  it("is forgotten when there is no such rule any more", async () => {
    await makeSettings();
    await replacePasswords(0, 1);
    expect(await forgetReplacedPasswords(NOW)).toBe(4);
    expect(await kept()).toEqual([]);
  });

  it("stays while the policy cannot be read, also when its person chooses another one", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 30 } });
    await replacePasswords(1);
    await db()
      .$executeRaw`UPDATE settings_revisions SET values = values || '{"passwordReuseFrequencyDays": "?"}' WHERE panel = 'password'`;
    const { id } = await db().user.findFirstOrThrow({ where: { state: "ACTIVE" } });
    const { secret } = await makeLink(id, "PASSWORD_RESET", NOW);
    const chosen = { purpose: "PASSWORD_RESET", secret, password: "another gate, another house" } as const;
    expect(await choosePassword(anonymous(), chosen, NOW)).toMatchObject({ ok: true });
    expect(await forgetReplacedPasswords(NOW)).toBe(0);
    expect(await kept()).toHaveLength(2);
  });
});
