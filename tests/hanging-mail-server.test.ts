import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requestPasswordReset, resolveResetRequests } from "@/lib/accounts/reset-requests/service";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { changePassword } from "@/lib/auth/service/change-password";
import { logIn } from "@/lib/auth/service/log-in";
import { db } from "@/lib/core/db";
import { deliverDueMails } from "@/lib/mail/due-mails";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { updateGeneralPolicy } from "@/lib/settings/service";
import { createUser } from "@/lib/users/service/create-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { queueMail, useMailServer } from "./support/mail";
import { startBrokenMailServer } from "./support/smtp";

type BrokenMailServer = Awaited<ReturnType<typeof startBrokenMailServer>>;

const OPERATORS = "ops@example.org";
const OTHER_PASSWORD = "another gate, another house";

/** A mail server that accepts every connection, and never sends anything. */
let hanging: BrokenMailServer;
let reached: () => void;

beforeEach(async () => {
  reached = () => undefined;
  hanging = await startBrokenMailServer(() => reached());
  await emptyDatabase();
  await makeSettings({ general: { userLockoutNotificationEmail: OPERATORS } });
  await useMailServer({ port: hanging.port });
});
afterEach(() => hanging.stop());

/** The verbs that send mail, each with the kinds of mail that it queues. */
const verbs: [string, string[], () => Promise<unknown>][] = [
  [
    "a lock",
    ["account-locked", "account-locked-owner"],
    async () => {
      const { email } = await makeUser();
      for (let i = 0; i < 5; i += 1)
        await logIn(anonymous(), { email, password: `wrong ${i}`, kind: "BROWSER" });
      return { ok: (await db().user.count({ where: { lockedAt: { not: null } } })) === 1 };
    },
  ],
  [
    "a forgotten password",
    ["password-reset"],
    async () => {
      await requestPasswordReset(anonymous(), (await makeUser()).email);
      return { ok: (await resolveResetRequests()) === 1 };
    },
  ],
  [
    "a reset",
    ["password-changed"],
    async () => {
      const { secret } = await makeLink((await makeUser()).id, "PASSWORD_RESET");
      return choosePassword(anonymous(), { purpose: "PASSWORD_RESET", secret, password: OTHER_PASSWORD });
    },
  ],
  [
    "a change",
    ["password-changed"],
    async () => {
      const { person } = await loggedIn(await makeUser());
      return changePassword(person, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD });
    },
  ],
  [
    "an invitation",
    ["activation"],
    async () => {
      const person = { email: "grace@example.org", firstName: "", lastName: "" };
      return createUser(await administrator(), { ...person, authority: "CUSTOMER_USER", sendMail: true });
    },
  ],
  [
    "a login that demands a reset",
    ["password-reset-forced"],
    async () => {
      await makeSettings({ password: { minimumLength: 50, forceUserToResetPasswordIfNotValid: true } });
      const { email } = await makeUser();
      const result = await logIn(anonymous(), { email, password: PASSWORD, kind: "BROWSER" });
      return { ok: !result.ok && result.code === "reset-required" };
    },
  ],
];

/** The kinds of the queued mails, without the mails whose ids are in `except`. */
async function queuedKinds(except: readonly string[] = []): Promise<string[]> {
  const rows = await db().outboxMessage.findMany({ where: { state: "QUEUED", id: { notIn: [...except] } } });
  return rows.map(({ kind }) => kind).sort();
}

describe("with a mail server that hangs", () => {
  it.each(verbs)("%s asks nothing of it, and leaves its mails", async (_name, kinds, act) => {
    expect(await act()).toMatchObject({ ok: true });
    expect(hanging.connections()).toBe(0);
    expect(await queuedKinds()).toEqual(kinds);
  });

  it("a mail on its way holds no transaction or lock, and every verb goes on", async () => {
    const id = await queueMail("test");
    const isReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const [stopping, ending] = [new AbortController(), new AbortController()];
    const signals = { stopped: stopping.signal, ending: ending.signal };
    const delivery = deliverDueMails(() => new Date(), signals);
    await isReached;
    // Otherwise the mails of the verbs would be sent beside it.
    ending.abort();
    // The delivery may be looking for another mail in this very moment; what it held for this one, it would go on holding.
    const held = async () => {
      const [found] = await db().$queryRaw<{ transactions: bigint; locks: bigint }[]>`
        SELECT (SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
                  AND backend_type = 'client backend') AS transactions,
               (SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE datname = current_database() AND relation = 'outbox_messages'::regclass
                  AND pid <> pg_backend_pid() AND backend_type = 'client backend') AS locks`;
      return found;
    };
    await expect.poll(held).toEqual({ transactions: 0n, locks: 0n });
    const values = {
      ...generalPolicyDefaults,
      userLockoutNotificationEmail: OPERATORS,
      passwordResetTokenTtl: 1,
    };
    const save = { version: 2, values };
    expect(await updateGeneralPolicy(await administrator(), save)).toMatchObject({ ok: true });
    for (const [, , act] of verbs) expect(await act()).toMatchObject({ ok: true });
    expect(await queuedKinds([id])).toEqual(verbs.flatMap(([, kinds]) => kinds).sort());
    expect(hanging.connections()).toBe(1);
    stopping.abort();
    expect(await delivery).toMatchObject({ tried: 1 });
  });
});
