import { beforeEach, describe, expect, it } from "vitest";
import { forgetExpiredLinks } from "@/lib/accounts/retention";
import { db } from "@/lib/core/db";
import { makeUser } from "./support/accounts";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";

const NOW = new Date("2026-11-24T09:00:00Z");
/** `makeLink` makes links that work for an hour. */
const expiredSince = (minutes: number) => new Date(NOW.getTime() - (60 + minutes) * 60_000);

const kept = async () =>
  (await db().accountLink.findMany({ orderBy: { createdAt: "asc" } })).map(({ id }) => id);

beforeEach(emptyDatabase);

describe.each([
  ["a grant to replace an expired password", "PASSWORD_EXPIRED"],
  ["a link that unlocks an account", "UNLOCK"],
] as const)("%s", (_what, purpose) => {
  it("is forgotten an hour after it expired, used or not, and no link that a person may ask for is", async () => {
    const [ada, grace] = [await makeUser(), await makeUser()];
    const invitation = await makeLink(grace.id, "ACTIVATION", expiredSince(400));
    const reset = await makeLink(ada.id, "PASSWORD_RESET", expiredSince(300));
    await makeLink(ada.id, purpose, expiredSince(200));
    const used = await makeLink(ada.id, purpose, expiredSince(61));
    await db().accountLink.update({ where: { id: used.id }, data: { usedAt: NOW } });
    const hourOld = await makeLink(ada.id, purpose, expiredSince(60));
    const fresh = await makeLink(grace.id, purpose, NOW);
    expect(await forgetExpiredLinks(NOW)).toBe(2);
    expect(await kept()).toEqual([invitation.id, reset.id, hourOld.id, fresh.id]);
    expect(await forgetExpiredLinks(NOW)).toBe(0);
  });

  it("that another transaction works with is left to the next look, and keeps nobody waiting", async () => {
    for (const user of [await makeUser(), await makeUser()])
      await makeLink(user.id, purpose, expiredSince(120));
    await db().$transaction(async (tx) => {
      const { userId } = await tx.accountLink.findFirstOrThrow();
      await tx.accountLink.updateMany({ where: { userId }, data: { supersededAt: NOW } });
      expect(await forgetExpiredLinks(NOW)).toBe(1);
    });
    expect(await forgetExpiredLinks(NOW)).toBe(1);
    expect(await kept()).toEqual([]);
  });
});
