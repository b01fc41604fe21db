import fc from "fast-check";
import { requestPasswordReset, resolveResetRequests } from "@/lib/accounts/reset-requests/service";
import { forgetExpiredLinks } from "@/lib/accounts/retention";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { unlockByLink } from "@/lib/accounts/service/unlock";
import { changePassword } from "@/lib/auth/service/change-password";
import { logIn } from "@/lib/auth/service/log-in";
import { changePasswordForTokens, logInForTokens } from "@/lib/auth/service/token-login";
import { forgetMobileSecrets } from "@/lib/mobile/retention";
import { exchangeMobileSecret, makeMobileCode } from "@/lib/mobile/service";
import { forgetReplacedPasswords } from "@/lib/password/retention";
import { forgetOldSessions } from "@/lib/sessions/retention";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { logOut } from "@/lib/sessions/service/log-out";
import { endOtherSessions, endOwnSession } from "@/lib/sessions/service/own-sessions";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { sweepSessions } from "@/lib/sessions/sweep";
import { anonymous } from "../actors";
import { age, at, name, password, typed, WRONG, wait, which } from "./choices";
import type { ConsoleModel } from "./console-model";
import { rotates } from "./console-steps";
import { sessionIdOf } from "./held";
import { Command, fromEnd, inSession, sequence } from "./run";
import { addressOf, HOUR, MINUTE, REFRESH_GRACE } from "./session-model";

// Steps that anybody can take, and those of people who are logged in.

const pass = (ms: number) =>
  new Command({
    name: `${ms / MINUTE} minutes pass`,
    async call(held, model) {
      held.now = new Date(model.now + ms);
      return { ok: true };
    },
    expected(model) {
      model.now += ms;
      return { answer: "ok", events: [], mails: [] };
    },
  });
export const waits = wait.map(pass);

export const forgetsByItself = fc.constant(
  new Command({
    name: "the jobs run that forget what no rule needs",
    async call({ now }) {
      await sweepSessions(now);
      await forgetOldSessions(now);
      await forgetMobileSecrets(now);
      await forgetReplacedPasswords(now);
      await forgetExpiredLinks(now);
      return { ok: true };
    },
    expected: (model) => model.forget(),
  }),
);

export const logsIn = fc.tuple(name, which).map(
  ([who, which]) =>
    new Command({
      name: `${who} logs in with the ${which} password`,
      call({ now }, model) {
        const password = typed(model.account(who), which);
        return logInForTokens(anonymous(), { username: addressOf(who), password }, now);
      },
      expected: (model) => model.logIn(who, typed(model.account(who), which), "REST"),
    }),
);

/** Guesses, the last of which is right. */
export const guesses = fc.tuple(name, fc.integer({ min: 1, max: 4 })).map(([who, wrong]) => {
  const guessed = (model: ConsoleModel) => [
    ...Array<string>(wrong).fill(WRONG),
    typed(model.account(who), "right"),
  ];
  return new Command({
    name: `${who}'s password is guessed, after ${wrong} wrong ones`,
    async call({ now }, model) {
      let answer = await logInForTokens(anonymous(), { username: addressOf(who), password: WRONG }, now);
      for (const password of guessed(model).slice(1))
        answer = await logInForTokens(anonymous(), { username: addressOf(who), password }, now);
      return answer;
    },
    expected: (model) => model.guess(who, guessed(model)),
  });
});

const browsers = (model: ConsoleModel) => model.sessions.filter(({ kind }) => kind === "BROWSER");
const programs = (model: ConsoleModel) => model.sessions.filter(({ kind }) => kind !== "BROWSER");

/** A cookie of one of the browsers' sessions, and its place in the lists. */
function cookieOf(model: ConsoleModel, at: number, age: number) {
  const session = fromEnd(browsers(model), at);
  const token = fromEnd(session.access, age);
  return { session, token, held: [model.sessions.indexOf(session), session.access.indexOf(token)] as const };
}

/** Whether the browser has an earlier session's cookie, and which. */
const cookie = fc.option(age, { freq: 2 });

export const logsInByBrowser = fc.tuple(name, which, cookie).map(([who, which, earlier]) => {
  const has = (model: ConsoleModel) => earlier !== null && browsers(model).length > 0;
  return new Command({
    name: `${who} logs in with the ${which} password in a browser${earlier === null ? "" : ` of session -${earlier}`}`,
    call({ tokens, now }, model) {
      const input = {
        email: addressOf(who),
        password: typed(model.account(who), which),
        kind: "BROWSER",
      } as const;
      if (!has(model)) return logIn(anonymous(), input, now);
      const [session, token] = cookieOf(model, Number(earlier), 0).held;
      return logIn(anonymous(), { ...input, replacedToken: tokens[session]?.access[token] }, now);
    },
    expected(model) {
      const cookie = has(model) ? cookieOf(model, Number(earlier), 0) : undefined;
      return model.logIn(who, typed(model.account(who), which), "BROWSER", cookie);
    },
  });
});

export const continues = fc.tuple(at, age).map(
  ([at, age]) =>
    new Command({
      name: `a browser asks for a page in session -${at} with its token -${age}`,
      isPossible: (model) => browsers(model).length > 0,
      async call({ tokens, now }, model) {
        const [session, token] = cookieOf(model, at, age).held;
        const answer = await continueBrowserSession(tokens[session]?.access[token] ?? "", now);
        return { ...answer, ok: false, code: answer.state };
      },
      expected(model) {
        const { session, token } = cookieOf(model, at, age);
        return model.continue(session, token);
      },
    }),
);

export const exchangesCode = age.map(
  (at) =>
    new Command({
      name: `an app exchanges code -${at}`,
      isPossible: ({ codes }) => codes.length > 0,
      call: ({ codes, now }) => exchangeMobileSecret(anonymous(), { secret: fromEnd(codes, at) }, now),
      expected: (model) => model.exchange(fromEnd(model.codes, at)),
    }),
);

export const forgets = name.map(
  (who) =>
    new Command({
      name: `${who} forgets the password`,
      async call({ now }) {
        await requestPasswordReset(anonymous(), addressOf(who), now);
        await resolveResetRequests(now);
        return { ok: true };
      },
      expected: (model) => model.forgetPassword(who),
    }),
);

export const follows = fc.tuple(at, password).map(
  ([at, password]) =>
    new Command({
      name: `link -${at} is followed, and where it asks for a password, "${password}" is chosen`,
      isPossible: ({ links }) => links.length > 0,
      async call({ secrets, now }, { links }) {
        const [{ purpose }, secret] = [fromEnd(links, at), fromEnd(secrets, at)];
        if (purpose === "UNLOCK") return unlockByLink(anonymous(), secret, now);
        return choosePassword(anonymous(), { purpose, secret, password }, now);
      },
      expected: (model) => model.follow(fromEnd(model.links, at), password),
    }),
);

export const refreshes = fc.tuple(age, age).map(
  ([at, age]) =>
    new Command({
      name: `a program's session -${at} is refreshed with its token -${age}`,
      isPossible: (model) => programs(model).length > 0,
      call({ tokens, now }, model) {
        const { refresh } = tokens[model.sessions.indexOf(fromEnd(programs(model), at))] ?? { refresh: [] };
        return refreshTokens(anonymous(), { refreshToken: fromEnd(refresh, age) }, now);
      },
      expected(model) {
        const session = fromEnd(programs(model), at);
        return model.refresh(session, fromEnd(session.refresh, age));
      },
    }),
);

/** The session and the refresh token that was used last, if its grace is not over. */
const usedLast = (model: ConsoleModel) =>
  programs(model)
    .flatMap((session) => session.refresh.map((token) => ({ session, token, at: token.use.at ?? 0 })))
    .filter(({ at }) => at + REFRESH_GRACE > model.now)
    .toSorted((a, b) => a.at - b.at)
    .at(-1);

const refreshesAgain = fc.constant(
  new Command({
    name: "the refresh token that was used last is used again",
    isPossible: (model) => usedLast(model) !== undefined,
    call({ tokens, now }, model) {
      const { session, token } = usedLast(model) as NonNullable<ReturnType<typeof usedLast>>;
      const { refresh } = tokens[model.sessions.indexOf(session)] ?? { refresh: [] };
      const refreshToken = refresh[session.refresh.indexOf(token)] ?? "";
      return refreshTokens(anonymous(), { refreshToken }, now);
    },
    expected(model) {
      const { session, token } = usedLast(model) as NonNullable<ReturnType<typeof usedLast>>;
      return model.refresh(session, token);
    },
  }),
);

// What a person can do who is logged in.

export const changesPassword = fc.tuple(at, which, password).map(([by, which, newPassword]) =>
  inSession(by, {
    name: `changes the password, given the ${which} one, to "${newPassword}"`,
    call(person, { now }, { owner, kind }) {
      const change = kind === "BROWSER" ? changePassword : changePasswordForTokens;
      return change(person, { currentPassword: typed(owner, which), newPassword }, now);
    },
    expected: (model, session) => model.changePassword(session, typed(session.owner, which), newPassword),
  }),
);

export const logsOut = at.map((by) =>
  inSession(by, {
    name: "logs out",
    async call(person, { now }) {
      await logOut(person, now);
      return { ok: true };
    },
    expected: (model, session) => model.logOut(session),
  }),
);

export const makesCode = at.map((by) =>
  inSession(by, {
    name: "makes a code for an app",
    call: (person, { now }) => makeMobileCode(person, now),
    expected: (model, session) => model.makeCode(session),
  }),
);

export const endsOwnSession = fc.tuple(at, at).map(([by, at]) =>
  inSession(by, {
    name: `ends session -${at} if it is their own`,
    call: (person, { tokens, now }) =>
      endOwnSession(person, { sessionId: sessionIdOf(fromEnd(tokens, at)) }, now),
    expected: (model, session) => model.endOwnSession(session, fromEnd(model.sessions, at)),
  }),
);

export const endsOtherSessions = at.map((by) =>
  inSession(by, {
    name: "ends all others of their sessions",
    async call(person, { now }) {
      await endOtherSessions(person, now);
      return { ok: true };
    },
    expected: (model, session) => model.endOtherSessions(session),
  }),
);

// What only matters in this order.

/** A program has not received the answer to a refresh, and asks again; in between another key signs. */
export const refreshesAcrossRotation = sequence(refreshes, rotates, refreshesAgain);

/** Somebody comes back when the token in the browser's cookie has expired, but not the session. */
export const comesBackByBrowser = sequence(logsInByBrowser, fc.constant(pass(3 * HOUR)), logsInByBrowser);
