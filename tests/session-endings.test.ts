import { beforeEach, expect, it } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import type { User } from "@/lib/accounts/store";
import { changePassword } from "@/lib/auth/service/change-password";
import { logIn } from "@/lib/auth/service/log-in";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { logOut } from "@/lib/sessions/service/log-out";
import { endUserSessions } from "@/lib/users/service/administer-user";
import { describeUser } from "@/lib/users/service/describe-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";

let admin: Person;
let user: User;

const NOW = new Date();
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  admin = await administrator();
  user = await makeUser();
});

async function login(seconds: number): Promise<Person> {
  const opened = await logIn(
    anonymous(),
    { email: user.email, password: PASSWORD, kind: "BROWSER" },
    later(seconds),
  );
  const person = opened.ok ? await authenticate(opened.token, "BROWSER", anonymous(), later(seconds)) : null;
  if (!person) throw new Error("not logged in");
  return person;
}

/** The ending of each login's session as the account's page shows it, newest first. */
const endings = async (seconds: number) =>
  (await describeUser(admin, user.id, later(seconds)))?.loginAttempts.map(({ ending }) => ending);

it("an account's logins tell how each of their sessions ended", async () => {
  await logOut(await login(1), later(2));
  await login(3);
  await endUserSessions(admin, { userId: user.id }, later(4));
  await login(5);
  const { secret } = await makeLink(user.id, "PASSWORD_RESET", later(5));
  const password = "another gate, another house";
  await choosePassword(anonymous(), { purpose: "PASSWORD_RESET", secret, password }, later(6));
  await logIn(anonymous(), { email: user.email, password: PASSWORD, kind: "BROWSER" }, later(7));
  expect(await endings(8)).toEqual([
    null,
    { at: later(6), reason: "password-changed" },
    { at: later(4), reason: "signed-out-by-administrator" },
    { at: later(2), reason: "logged-out" },
  ]);
});

it("a session that goes on has no ending, until it was not renewed in time", async () => {
  const { sessionId } = await login(1);
  expect(await endings(2)).toEqual([null]);
  const { renewableUntil } = await db().session.findUniqueOrThrow({ where: { id: sessionId } });
  const after = (renewableUntil.getTime() - NOW.getTime()) / 1_000;
  expect(await endings(after)).toEqual([{ at: renewableUntil, reason: "not-renewed" }]);
});

it("a session that goes on under another id, because its person chose a new password, still shows how it ended", async () => {
  const passwords = [PASSWORD, "another gate, another house", "a third gate, a third house"] as const;
  let person = await login(1);
  for (const i of [0, 1] as const) {
    const input = { currentPassword: passwords[i], newPassword: passwords[i + 1] as string };
    const changed = await changePassword(person, input, later(2 + i));
    const same = changed.ok && (await authenticate(changed.token, "BROWSER", anonymous(), later(2 + i)));
    if (!same) throw new Error("not changed");
    person = same;
  }
  expect(await endings(4)).toEqual([null]);
  await logOut(person, later(5));
  expect(await endings(6)).toEqual([{ at: later(5), reason: "logged-out" }]);
});
