import type { MailKind } from "@/lib/mail/schema";
import type { LinkPurpose } from "@/prisma/generated/enums";
import {
  type Account,
  addressOf,
  byKindAndAddress,
  DAY,
  HOUR,
  MINUTE,
  type Outcome,
  type Session,
  SessionModel,
  type Token,
} from "./session-model";

// What accounts, passwords, links and codes are meant to do, in plain lists: without a database, hashes or secrets, and
// one thing after the other. Times are in milliseconds.

/** The default lifetime of a link to choose a password. */
export const LINK_LIFETIME = 24 * HOUR;
const GRANT_LIFETIME = 10 * MINUTE;
/** The links that are forgotten so long after their end, and so is a code. */
const SHORT_LIVED: readonly LinkPurpose[] = ["PASSWORD_EXPIRED", "UNLOCK"];
const SHORT_LIVED_KEPT = HOUR;
const CODE_KEPT = DAY;
/** While a mailed link is open, no other is mailed for so long, unless an administrator asks for it. */
const MAIL_INTERVAL = 5 * MINUTE;
/** How long the last administrator is locked although locks have no end. */
const DEFAULT_LOCK = 30 * MINUTE;
/** How long an unlock link works if the lock has no end. */
const UNLOCK_LIFETIME = 24 * HOUR;
const CODE_LIFETIME = 2 * MINUTE;

export type General = {
  maxFailedLoginAttempts: number | null;
  lockoutDurationMinutes: number | null;
  notifyOwnerOnLockout: boolean;
  loginAttemptsPerAddressPerMinute: number | null;
};
export type Password = {
  minimumLength: number;
  passwordExpirationPeriodDays: number;
  passwordReuseFrequencyDays: number;
  forceUserToResetPasswordIfNotValid: boolean;
};

export type Link = {
  owner: Account;
  purpose: LinkPurpose;
  /** Whether anybody could ask for it. */
  isAnonymous: boolean;
  mailedAt: number | null;
  expiresAt: number;
  end: "used" | "superseded" | null;
  /** It has ended so long ago that nobody knows it any more. */
  isForgotten: boolean;
};
/** The secret that a QR code shows, with which an app signs in. */
export type Code = { session: Session; madeAt: number; end: "used" | "forgotten" | null };

/** The address that is told about locks. */
export const OPERATIONS = "ops@example.org";

export class AccountModel extends SessionModel {
  accounts: Account[] = [];
  links: Link[] = [];
  codes: Code[] = [];
  general: General = {
    maxFailedLoginAttempts: 2,
    lockoutDurationMinutes: 30,
    notifyOwnerOnLockout: true,
    loginAttemptsPerAddressPerMinute: null,
  };
  password: Password = {
    minimumLength: 12,
    passwordExpirationPeriodDays: 0,
    passwordReuseFrequencyDays: 3,
    forceUserToResetPasswordIfNotValid: false,
  };
  protected expirySwitchedOnAt = 0;

  // What can be asked.

  account(name: string): Account | undefined {
    return this.accounts.find((one) => one.name === name && one.state !== "deleted");
  }

  isLocked({ lockedUntil }: Account): boolean {
    return lockedUntil !== null && lockedUntil > this.now;
  }

  isOpen({ end, expiresAt }: Link): boolean {
    return end === null && expiresAt > this.now;
  }

  works(link: Link): boolean {
    const needed = link.purpose === "ACTIVATION" ? "invited" : "active";
    return this.isOpen(link) && link.owner.state === needed;
  }

  isLastAdministrator(account: Account): boolean {
    if (account.authority !== "SYS_ADMIN" || account.state !== "active") return false;
    // One who is locked for good can help nobody; a lock that ends will.
    const canHelp = ({ authority, state, lockedUntil }: Account) =>
      authority === "SYS_ADMIN" && state === "active" && lockedUntil !== Number.POSITIVE_INFINITY;
    return !this.accounts.some((one) => one !== account && canHelp(one));
  }

  /** When the password has to be replaced; null if never. */
  expiryOf({ password, passwordSetAt }: Account): number | null {
    const days = this.password.passwordExpirationPeriodDays;
    if (password === null || days === 0) return null;
    return Math.max(passwordSetAt, this.expirySwitchedOnAt) + days * DAY;
  }

  /** Why the account's owner cannot log in; null if nothing prevents it. */
  obstacleTo(account: Account): string | null {
    if (account.state !== "active") return account.state;
    if (this.isLocked(account)) return "locked";
    if (this.isExpired(account)) return "password-expired";
    const isDemanded = account.mustReset && this.password.forceUserToResetPasswordIfNotValid;
    return isDemanded ? "reset-required" : null;
  }

  // What anybody can do.

  /** @param cookie the session and the token in the browser in which somebody logs in */
  logIn(
    name: string,
    password: string,
    how: "REST" | "BROWSER",
    cookie?: { session: Session; token: Token },
  ): Outcome {
    const account = this.account(name);
    const compared = this.tryPassword(account, name, password, how);
    if (!account || compared !== "right") return this.outcome("refused");
    const subject = account.name;
    if (this.isExpired(account)) {
      this.addLink(account, "PASSWORD_EXPIRED", { lifetime: GRANT_LIFETIME });
      this.audit("login-failed", subject, { how, reason: "password-expired" });
      return this.outcome("password-expired");
    }
    if (this.password.forceUserToResetPasswordIfNotValid && this.violates(password)) {
      account.mustReset = true;
      const wasMailed = this.wasJustMailed(account);
      if (!wasMailed) this.mailLink(account, "password-reset-forced", { isAnonymous: true });
      this.audit("password-reset-forced", subject, { how, ...(wasMailed && { reason: "recently-mailed" }) });
      return this.outcome("reset-required");
    }
    account.mustReset = false;
    this.begin(account, how);
    this.audit("login-succeeded", subject, { how });
    // The browser's new cookie overwrites the old one, so nobody could end the old session there.
    if (cookie && this.trusts(cookie.token.key)) {
      const { sessions } = this.endSessions([cookie.session]);
      const about = cookie.session.owner.name;
      if (sessions > 0) this.audit("sessions-ended", about, { reason: "another-login", sessions });
    }
    return this.outcome("ok");
  }

  /** Tries passwords at once, all from one network address. What is over its limit is not even looked at. */
  guess(name: string, passwords: string[]): Outcome {
    const limit = this.general.loginAttemptsPerAddressPerMinute ?? passwords.length;
    const outcomes = passwords.slice(0, limit).map((password) => this.logIn(name, password, "REST"));
    const isThrottled = passwords.length > limit;
    // Said once a minute, and of nobody: the limit is the address's.
    if (isThrottled) this.audit("login-failed", null, { how: "REST", reason: "throttled" });
    outcomes.push(this.outcome(isThrottled ? "throttled" : (outcomes.at(-1)?.answer ?? "")));
    return {
      answer: String(outcomes.at(-1)?.answer),
      events: outcomes.flatMap(({ events }) => events),
      mails: outcomes.flatMap(({ mails }) => mails).toSorted(byKindAndAddress),
    };
  }

  forgetPassword(name: string): Outcome {
    const account = this.account(name);
    const answer = (details: object) => {
      this.audit("password-reset-requested", name, details);
      return this.outcome("ok");
    };
    if (!account) return answer({ reason: "unknown-account" });
    if (account.state === "disabled") return answer({ reason: "disabled" });
    if (this.wasJustMailed(account)) return answer({ reason: "recently-mailed" });
    return answer({ sent: this.mailLink(account, "password-reset", { isAnonymous: true }) });
  }

  /** Submits a link's form; a password only if the link is for choosing one. */
  follow(link: Link, password: string): Outcome {
    const { owner, purpose } = link;
    if (!this.works(link)) return this.refuseLink(link);
    if (purpose === "UNLOCK") {
      link.end = "used";
      this.unlock(owner, "owner");
      return this.outcome("ok");
    }
    const refused = this.refusalOf(owner, password);
    if (refused) return this.outcome(refused);
    link.end = "used";
    const { sessions } = this.endEverywhere(this.sessionsOf(owner));
    const isFirst = owner.state === "invited";
    this.audit(isFirst ? "account-activated" : "password-changed", owner.name, {
      how: purpose,
      ...(!isFirst && { sessions }),
    });
    this.unlock(owner, "reset");
    this.mail(isFirst ? "account-activated" : "password-changed", addressOf(owner.name));
    this.setPassword(owner, password);
    return this.outcome("ok");
  }

  /** Signs an app in. */
  exchange(code: Code): Outcome {
    const { owner } = code.session;
    const reason = this.refusalOfCode(code);
    if (reason) {
      this.audit("login-failed", reason === "secret-unknown" ? null : owner.name, { how: "MOBILE", reason });
      return this.outcome("refused");
    }
    code.end = "used";
    // The app proves only the session that made the code.
    this.begin(owner, "MOBILE", code.session.provedAt);
    this.audit("login-succeeded", owner.name, { how: "MOBILE" });
    return this.outcome("ok");
  }

  // What a person can do who is logged in.

  changePassword(session: Session, current: string, password: string): Outcome {
    const { owner } = session;
    if (!this.prove(session, current)) return this.outcome("wrong-password");
    const refused = this.refusalOf(owner, password);
    if (refused) return this.outcome(refused);
    const { sessions } = this.endEverywhere(this.sessionsOf(owner).filter((one) => one !== session));
    this.audit("password-changed", owner.name, { how: "ACCOUNT", sessions });
    this.mail("password-changed", addressOf(owner.name));
    this.setPassword(owner, password);
    // The session goes on, but none of its earlier tokens does.
    session.isEnded = true;
    this.begin(owner, session.kind);
    return this.outcome("ok");
  }

  makeCode(session: Session): Outcome {
    const { owner } = session;
    if (this.isExpired(owner)) return this.outcome("password-expired");
    for (const code of this.codes) if (code.session.owner === owner) code.end = "forgotten";
    this.codes.push({ session, madeAt: this.now, end: null });
    this.audit("link-issued", owner.name, { purpose: "MOBILE" });
    return this.outcome("ok");
  }

  endOwnSession(by: Session, session: Session): Outcome {
    if (session.owner !== by.owner || this.endEverywhere([session]).sessions === 0)
      return this.outcome("not-found");
    this.audit("sessions-ended", by.owner.name, { sessions: 1 });
    return this.outcome("ok");
  }

  endOtherSessions(by: Session): Outcome {
    const others = this.sessionsOf(by.owner).filter((one) => one !== by);
    const { sessions } = this.endEverywhere(others);
    if (sessions > 0) this.audit("sessions-ended", by.owner.name, { sessions });
    return this.outcome("ok");
  }

  // What happens by itself.

  /** Forgets what no rule needs any more. Nobody notices, except that refusals are audited with less. */
  forget(): Outcome {
    for (const account of this.accounts) this.forgetReplaced(account);
    for (const code of this.codes)
      if (code.madeAt + CODE_LIFETIME + CODE_KEPT < this.now) code.end = "forgotten";
    for (const link of this.links)
      if (SHORT_LIVED.includes(link.purpose) && link.expiresAt + SHORT_LIVED_KEPT < this.now)
        link.isForgotten = true;
    return this.outcome("ok");
  }

  // What these consist of.

  /** Adds an account, as the first start does. */
  add(account: Pick<Account, "name" | "authority" | "state"> & { password?: string }): Account {
    const { password = null, ...rest } = account;
    const unused = { failures: 0, lockedUntil: null, mustReset: false };
    const added = { ...rest, ...unused, password, passwordSetAt: this.now, replaced: [] };
    this.accounts.push(added);
    return added;
  }

  private isExpired(account: Account): boolean {
    const expiry = this.expiryOf(account);
    return expiry !== null && this.now > expiry;
  }

  private violates(password: string): boolean {
    return password.length < this.password.minimumLength;
  }

  private refusalOf(account: Account, password: string): string | null {
    if (this.violates(password)) return "violates-policy";
    if (account.password === password) return "same-as-current";
    const wasUsed = account.replaced.some((one) => one.password === password && this.isRecent(one));
    return wasUsed ? "used-before" : null;
  }

  /** Whether a password was used within the period of the reuse rule; it was until the day it was replaced. */
  private isRecent({ at }: Account["replaced"][number]): boolean {
    return at > this.now - this.password.passwordReuseFrequencyDays * DAY;
  }

  private forgetReplaced(account: Account): void {
    account.replaced = account.replaced.filter((one) => this.isRecent(one));
  }

  private refusalOfCode({ session, madeAt, end }: Code): string | null {
    const { owner } = session;
    if (end === "forgotten" || owner.state === "deleted") return "secret-unknown";
    if (end === "used") return "secret-used";
    if (madeAt + CODE_LIFETIME <= this.now) return "secret-expired";
    if (owner.state !== "active") return owner.state;
    if (owner.passwordSetAt > madeAt) return "password-changed";
    if (!this.isAlive(session)) return "session-ended";
    return this.isExpired(owner) ? "password-expired" : null;
  }

  /** Tries the password again in a session. @returns whether it is right */
  protected prove(session: Session, password: string): boolean {
    const { owner } = session;
    if (this.tryPassword(owner, owner.name, password, "confirmation") !== "right") return false;
    session.provedAt = this.now;
    return true;
  }

  /** Tries a password, and counts it; the N-th wrong one in a row locks the account. */
  private tryPassword(
    account: Account | undefined,
    name: string,
    password: string,
    how: "REST" | "BROWSER" | "confirmation",
  ): "right" | "wrong" | "refused" {
    const refuse = (reason: string) => {
      this.audit("login-failed", name, { how, reason });
      return "refused" as const;
    };
    if (!account) return refuse("unknown-account");
    if (account.state === "invited") return refuse("not-activated");
    if (account.state === "disabled") return refuse("disabled");
    if (this.isLocked(account)) return refuse("locked");
    this.unlock(account, "time");
    if (account.password === password) {
      account.failures = 0;
      return "right";
    }
    account.failures += 1;
    const { failures: failedAttempts } = account;
    this.audit("login-failed", name, { how, reason: "wrong-password", failedAttempts });
    const limit = this.general.maxFailedLoginAttempts;
    if (limit && failedAttempts >= limit) this.lock(account);
    return "wrong";
  }

  private lock(account: Account): void {
    const { lockoutDurationMinutes: minutes, notifyOwnerOnLockout } = this.general;
    const unasked = this.isLastAdministrator(account) ? DEFAULT_LOCK : Number.POSITIVE_INFINITY;
    const duration = minutes === null ? unasked : minutes * MINUTE;
    account.lockedUntil = this.now + duration;
    const isEndless = duration === Number.POSITIVE_INFINITY;
    const until = isEndless ? null : new Date(account.lockedUntil).toISOString();
    this.audit("account-locked", account.name, { failedAttempts: account.failures, until });
    this.mail("account-locked", OPERATIONS);
    if (!notifyOwnerOnLockout) return;
    this.addLink(account, "UNLOCK", { lifetime: isEndless ? UNLOCK_LIFETIME : duration });
    this.mail("account-locked-owner", addressOf(account.name));
  }

  /** Lifts a lock, if there is one. One that is over has been lifted by time, whoever comes later. */
  protected unlock(account: Account, by: "time" | "owner" | "reset" | "administrator"): void {
    if (account.lockedUntil === null) return;
    const isOver = account.lockedUntil <= this.now;
    this.audit("account-unlocked", account.name, { by: isOver ? "time" : by });
    account.lockedUntil = null;
    account.failures = 0;
  }

  private setPassword(account: Account, password: string): void {
    const { password: last } = account;
    if (this.password.passwordReuseFrequencyDays > 0) {
      if (last !== null) account.replaced.push({ password: last, at: this.now });
      this.forgetReplaced(account);
    }
    account.state = "active";
    account.password = password;
    account.passwordSetAt = this.now;
    account.failures = 0;
    account.mustReset = false;
    this.supersede(({ owner }) => owner === account);
  }

  protected addLink(
    owner: Account,
    purpose: LinkPurpose,
    how: { lifetime: number; isAnonymous?: boolean; isMailed?: boolean },
  ): void {
    const { lifetime, isAnonymous = false, isMailed = false } = how;
    // Neither a stranger's request nor a login voids the link that an administrator gave to the owner.
    this.supersede(
      (link) => link.owner === owner && link.purpose === purpose && (!isAnonymous || link.isAnonymous),
    );
    const mailedAt = isMailed ? this.now : null;
    this.links.push({
      owner,
      purpose,
      isAnonymous,
      mailedAt,
      expiresAt: this.now + lifetime,
      end: null,
      isForgotten: false,
    });
  }

  /** Mails a link to choose a password. @returns the mail's kind */
  protected mailLink(
    account: Account,
    reset: "password-reset" | "password-reset-forced",
    { isAnonymous = false } = {},
  ): MailKind {
    const purpose = purposeFor(account);
    this.addLink(account, purpose, { lifetime: LINK_LIFETIME, isAnonymous, isMailed: true });
    const kind = purpose === "ACTIVATION" ? "activation" : reset;
    this.mail(kind, addressOf(account.name));
    return kind;
  }

  private wasJustMailed(account: Account): boolean {
    return this.links.some(
      ({ owner, end, mailedAt }) =>
        owner === account && end === null && mailedAt !== null && mailedAt + MAIL_INTERVAL > this.now,
    );
  }

  protected supersede(isMeant: (link: Link) => boolean): void {
    for (const link of this.links) if (isMeant(link)) link.end ??= "superseded";
  }

  isKnown({ owner, isForgotten }: Link): boolean {
    return owner.state !== "deleted" && !isForgotten;
  }

  private refuseLink(link: Link): Outcome {
    const { owner, purpose, expiresAt, end } = link;
    const ended = expiresAt <= this.now ? "expired" : "account-changed";
    if (this.isKnown(link)) this.audit("link-refused", owner.name, { purpose, reason: end ?? ended });
    return this.outcome("link-unusable");
  }
}

export const purposeFor = ({ state }: Account) => (state === "invited" ? "ACTIVATION" : "PASSWORD_RESET");
