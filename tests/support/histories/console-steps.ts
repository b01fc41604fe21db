import fc from "fast-check";
import type { Person } from "@/lib/core/actor";
import { db, NIL_UUID as NOBODY } from "@/lib/core/db";
import { replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { retireSigningKey } from "@/lib/jwt-security/service/retire-key";
import { rollBackSigningKey } from "@/lib/jwt-security/service/roll-back";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { endAllSessions, endSession } from "@/lib/sessions/live/service";
import { readSettings, updateGeneralPolicy, updatePasswordPolicy } from "@/lib/settings/service";
import { currentKey } from "@/lib/tokens/key-ring";
import {
  changeAuthority,
  deleteUser,
  disableUser,
  enableUser,
  endUserSessions,
  unlockUser,
} from "@/lib/users/service/administer-user";
import { createUser } from "@/lib/users/service/create-user";
import { describeUser } from "@/lib/users/service/describe-user";
import { editUser } from "@/lib/users/service/edit-user";
import { issueUserLink } from "@/lib/users/service/issue-link";
import { at, authority, name, newName, proof, proofOf, SHORT } from "./choices";
import { observer } from "./compare";
import type { ConsoleModel } from "./console-model";
import { type Held, sessionIdOf } from "./held";
import { type Command, fromEnd, inSession } from "./run";
import { type Account, addressOf, type Key, type Outcome, type Session } from "./session-model";

// What an administrator can do, and nobody else.

/** Makes steps with one account. */
const administers = (
  verb: string,
  call: (person: Person, user: { userId: string; email: string }, now: Date) => ReturnType<typeof unlockUser>,
  expected: (model: ConsoleModel, by: Session, account: Account | undefined) => Outcome,
) =>
  fc.tuple(at, name).map(([by, whom]) =>
    inSession(by, {
      name: `${verb} ${whom}`,
      call: (person, { ids, now }: Held) =>
        call(person, { userId: ids.get(whom) ?? NOBODY, email: addressOf(whom) }, now),
      expected: (model, session) => expected(model, session, model.account(whom)),
    }),
  );

export const unlocks = administers("unlocks", unlockUser, (model, by, account) =>
  model.unlockByAdministrator(by, account),
);
export const disables = administers("disables", disableUser, (model, by, account) =>
  model.disable(by, account),
);
export const enables = administers("enables", enableUser, (model, by, account) => model.enable(by, account));
export const deletes = administers("deletes", deleteUser, (model, by, account) => model.delete(by, account));
export const endsSessionsOf = administers("ends the sessions of", endUserSessions, (model, by, account) =>
  model.endSessionsOf(by, account),
);

export const changesAuthority = authority.chain((authority) => {
  const seen = authority === "SYS_ADMIN" ? "CUSTOMER_USER" : "SYS_ADMIN";
  return administers(
    `makes a ${authority} of`,
    (person, { userId }, now) => changeAuthority(person, { userId, seen, authority }, now),
    (model, by, account) => model.changeAuthority(by, account, authority),
  );
});

export const creates = fc.tuple(at, name, authority).map((chosen) => creation(...chosen));
export function creation(by: number, whom: string, authority: "SYS_ADMIN" | "CUSTOMER_USER"): Command {
  return inSession(by, {
    name: `creates ${whom} as ${authority}`,
    call(person, { now }) {
      const user = { email: addressOf(whom), firstName: "", lastName: "", authority };
      return createUser(person, { ...user, sendMail: true }, now);
    },
    expected: (model, session) => model.create(session, whom, authority),
  });
}

export const readdresses = fc.tuple(at, name, newName).map(([by, whom, to]) =>
  inSession(by, {
    name: `gives ${whom} the address ${addressOf(to)}`,
    async call(person, { ids, now }) {
      const userId = ids.get(whom) ?? NOBODY;
      const { firstName = "", lastName = "" } = (await describeUser(observer, userId, now)) ?? {};
      const seen = { email: addressOf(whom), firstName, lastName };
      return editUser(person, { userId, seen, firstName, lastName, email: addressOf(to) }, now);
    },
    expected: (model, session) => model.readdress(session, model.account(whom), to),
  }),
);

export const issuesLink = fc
  .tuple(at, name, fc.constantFrom("mail" as const, "copy" as const))
  .map(([by, whom, delivery]) =>
    inSession(by, {
      name: `issues a link for ${whom}, to ${delivery}`,
      async call(person, { ids, now }) {
        const userId = ids.get(whom) ?? NOBODY;
        const isInvited = (await describeUser(observer, userId, now))?.state === "invited";
        const purpose = isInvited ? "ACTIVATION" : "PASSWORD_RESET";
        return issueUserLink(person, { userId, purpose, delivery }, now);
      },
      expected: (model, session) => model.issueLink(session, model.account(whom), delivery),
    }),
  );

export const endsSession = fc.tuple(at, at).map(([by, at]) =>
  inSession(by, {
    name: `ends session -${at}`,
    call: (person, { tokens, now }) =>
      endSession(person, { sessionId: sessionIdOf(fromEnd(tokens, at)) }, now),
    expected: (model, session) => model.endSession(session, fromEnd(model.sessions, at)),
  }),
);

export const endsAllSessions = fc.tuple(at, fc.boolean()).map(([by, includesOwn]) =>
  inSession(by, {
    name: includesOwn ? "ends all sessions" : "ends all other sessions",
    call: (person, { now }) => endAllSessions(person, { includesOwn, word: "everyone" }, now),
    expected: (model, session) => model.endAllSessions(session, includesOwn),
  }),
);

const generalChanges = fc.record({
  maxFailedLoginAttempts: fc.constantFrom(null, 1, 2, 3),
  lockoutDurationMinutes: fc.constantFrom(null, 1, 30),
  notifyOwnerOnLockout: fc.boolean(),
  loginAttemptsPerAddressPerMinute: fc.constantFrom(null, 2, 4),
});
export const savesGeneral = fc.tuple(at, generalChanges).map(([by, changes]) =>
  inSession(by, {
    name: `saves ${JSON.stringify(changes)}`,
    async call(person, { now }) {
      const { version, values } = (await readSettings(person)).general;
      return updateGeneralPolicy(person, { version, values: { ...values, ...changes } }, now);
    },
    expected: (model, session) => model.saveGeneral(session, changes),
  }),
);

const passwordChanges = fc.record({
  minimumLength: fc.constantFrom(SHORT.length, SHORT.length + 1),
  passwordReuseFrequencyDays: fc.constantFrom(0, 1, 3),
  passwordExpirationPeriodDays: fc.constantFrom(0, 1, 3),
  forceUserToResetPasswordIfNotValid: fc.boolean(),
});
export const savesPassword = fc.tuple(at, passwordChanges).map(([by, changes]) =>
  inSession(by, {
    name: `saves ${JSON.stringify(changes)}`,
    async call(person, { now }) {
      const { version, values } = (await readSettings(person)).password;
      return updatePasswordPolicy(person, { version, values: { ...values, ...changes } }, now);
    },
    expected: (model, session) => model.savePassword(session, changes),
  }),
);

/** What is typed for keys: 64 bytes each. */
const KEYS = {
  second: Buffer.alloc(64, 2).toString("base64"),
  third: Buffer.alloc(64, 3).toString("base64"),
};
const lifetimes = fc.constantFrom(
  { tokenExpirationTime: 9_000, refreshTokenExpTime: 604_800 },
  { tokenExpirationTime: 60, refreshTokenExpTime: 900 },
  { tokenExpirationTime: 200_000, refreshTokenExpTime: 250_000 },
);
const jwtChanges = fc.record(
  { lifetimes, tokenIssuer: fc.constantFrom("gatehouse", "harbour") },
  { requiredKeys: ["lifetimes"] },
);
const anotherKey = fc.constantFrom("second" as const, "third" as const);
const key = fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: anotherKey, weight: 2 });

/** Whether a rotation keeps people signed in. The other kind leaves few sessions, and no key but the new one. */
const keepsPeople = fc.nat(4).map((n) => n > 0);

const jwtSaves = (keys: typeof key, proofs: typeof proof, keeps: typeof keepsPeople) =>
  fc.tuple(at, jwtChanges, keys, proofs, keeps).map(([by, { lifetimes, ...issuer }, key, proof, keeps]) => {
    const changes = { ...issuer, ...lifetimes };
    const mode = keeps ? "keep" : "sign-out";
    return inSession(by, {
      name: `saves ${JSON.stringify(changes)}, the key ${key}: ${mode}, with ${proof} password`,
      async call(person, { now }, { owner, kind }) {
        const { version, values } = (await readSettings(person)).jwt;
        const edit = {
          version,
          values: { ...values, ...changes },
          key: key && KEYS[key],
          password: proofOf(owner, proof),
        };
        if (kind === "BROWSER") return updateJwtSecurity(person, { ...edit, mode }, now);
        return replaceJwtSettings(person, { ...edit, keepOldKey: keeps }, now);
      },
      expected(model, session) {
        const values = { ...model.jwt, ...changes };
        return model.saveJwt(session, { key, values }, { proof: proofOf(session.owner, proof), keeps });
      },
    });
  });
export const savesJwt = jwtSaves(key, proof, keepsPeople);
/** Lets another key sign, and signs nobody out. */
export const rotates = jwtSaves(anotherKey, fc.constant("right" as const), fc.constant(true));

/** Chooses a key, mostly one that verifies. */
function chosenKey(model: ConsoleModel, at: number): Key {
  const verifying = model.keys.filter((key) => model.isVerifying(key));
  return fromEnd(verifying.length > 0 && !isAny(at) ? verifying : model.keys, at);
}
const isAny = (at: number) => at > 4;
const hasChoice = (at: number) => (model: ConsoleModel) =>
  isAny(at) || model.keys.some((key) => model.isVerifying(key));

export const retiresKey = fc.tuple(at, at, proof).map(([by, at, proof]) =>
  inSession(by, {
    name: `retires key -${at}, with ${proof} password`,
    isPossible: hasChoice(at),
    call(person, { kids, now }, { owner }, model) {
      const kid = kids[model.keys.indexOf(chosenKey(model, at))] ?? "";
      const password = proofOf(owner, proof);
      return retireSigningKey(person, { kid, agreedSessions: 1_000, password }, now);
    },
    expected: (model, session) =>
      model.retireKey(session, chosenKey(model, at), proofOf(session.owner, proof)),
  }),
);

export const rollsBack = fc.tuple(at, at, proof).map(([by, at, proof]) =>
  inSession(by, {
    name: `rolls back to key -${at}, with ${proof} password`,
    isPossible: hasChoice(at),
    async call(person, { kids, now }, { owner }, model) {
      const { kid: currentKid } = await currentKey(db());
      const kid = kids[model.keys.indexOf(chosenKey(model, at))] ?? "";
      const change = { kid, currentKid, isConfirmed: true };
      return rollBackSigningKey(person, { ...change, password: proofOf(owner, proof) }, now);
    },
    expected: (model, session) =>
      model.rollBack(session, chosenKey(model, at), proofOf(session.owner, proof)),
  }),
);
