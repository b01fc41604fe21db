import { hash } from "@node-rs/argon2";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { emailKey } from "@/lib/accounts/rules";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { changePassword } from "@/lib/auth/service/change-password";
import { logIn } from "@/lib/auth/service/log-in";
import { db } from "@/lib/core/db";
import type { Waiter } from "@/lib/core/fair-line";
import { onePerProcess } from "@/lib/core/one-per-process";
import { attemptGateKey, newPasswordGateKey, withAccountLimit } from "@/lib/password/account-gate";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { ADDRESS, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { hold } from "./support/hold";
import { makeLink } from "./support/links";

const NEXT = "another gate, another house";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({ password: { passwordReuseFrequencyDays: 30 } });
});

/** Has every hash wait for a turn, which comes at once. @returns whose turns there have been */
function noteTurns(): string[] {
  const turns: string[] = [];
  const waiting = {
    next: () => null,
    remove: () => false,
    add({ client }: Waiter, { begin }: { begin: () => void }) {
      turns.push(client);
      begin();
      return null;
    },
  };
  const held = onePerProcess<object>("hash-turns");
  const usual = held.take();
  held.get(() => ({ waiting, given: Number.POSITIVE_INFINITY }));
  onTestFinished(() => {
    held.take();
    if (usual) held.get(() => usual);
  });
  return turns;
}

it("a login's password is compared, and hashed anew, in a turn of the network that it came from", async () => {
  const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
  const { email, id } = await makeUser();
  await db().user.update({ where: { id }, data: { passwordHash: weak } });
  const turns = noteTurns();
  expect(await logIn(anonymous(), { email, password: PASSWORD, kind: "BROWSER" })).toMatchObject({
    ok: true,
  });
  expect(turns).toEqual([ADDRESS, ADDRESS]);
});

it("a new password is compared with those before it, and hashed, in turns of its owner's network", async () => {
  const user = await makeUser();
  const { person } = await loggedIn(user);
  const turns = noteTurns();
  const input = { currentPassword: PASSWORD, newPassword: NEXT };
  expect(await changePassword(person, input)).toMatchObject({ ok: true });
  expect(turns.splice(0)).toEqual([ADDRESS, ADDRESS, ADDRESS]);
  const { secret } = await makeLink(user.id, "PASSWORD_RESET");
  const chosen = { purpose: "PASSWORD_RESET", secret, password: `${NEXT}, and a garden` } as const;
  expect(await choosePassword(anonymous("198.51.100.9"), chosen)).toMatchObject({ ok: true });
  expect(turns).toEqual(Array(3).fill("198.51.100.9"));
});

it("four passwords of an account are handled at a time, and four new ones: a fifth takes no turn until one is done", async () => {
  const user = await makeUser();
  const { person } = await loggedIn(user);
  const { secret } = await makeLink(user.id, "PASSWORD_RESET");
  const { held, release } = hold();
  const gates = () => onePerProcess<{ waiting: number }>("account-gates").get(() => ({ waiting: 0 }));
  const fill = (key: string) => Array.from({ length: 4 }, () => withAccountLimit(key, () => held));
  const newOnes = fill(newPasswordGateKey(user.id));
  const turns = noteTurns();
  const chosen = choosePassword(anonymous(), { purpose: "PASSWORD_RESET", secret, password: "short" });
  const changed = changePassword(person, { currentPassword: PASSWORD, newPassword: "short" });
  await expect.poll(() => gates().waiting).toBe(2);
  expect(turns.splice(0)).toEqual([ADDRESS]);
  const tried = fill(attemptGateKey(emailKey(user.email)));
  const login = logIn(anonymous(), { email: user.email, password: PASSWORD, kind: "BROWSER" });
  await expect.poll(() => gates().waiting).toBe(3);
  expect(turns).toEqual([]);
  release();
  await Promise.all([...newOnes, ...tried]);
  expect(await chosen).toMatchObject({ ok: false, code: "violates-policy" });
  expect(await changed).toMatchObject({ ok: false, code: "violates-policy" });
  expect(await login).toMatchObject({ ok: true });
});
