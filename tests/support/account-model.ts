import type { AuditKind } from "@/lib/audit/schema";
import type { MailKind } from "@/lib/mail/schema";
import type { Authority, LinkPurpose } from "@/prisma/generated/enums";

// What accounts, links and sessions are meant to do, in plain lists: without a database, hashes or secrets, and one
// thing after the other. tests/account-histories.test.ts compares the verbs with it. Times are in milliseconds.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The default lifetimes of tokens. */
const ACCESS_LIFETIME = 9_000 * SECOND;
const REFRESH_LIFETIME = 7 * DAY;
const REFRESH_GRACE = 10 * SECOND;
/** The default lifetime of a link to choose a password. */
const LINK_LIFETIME = 24 * HOUR;
const GRANT_LIFETIME = 10 * MINUTE;
/** While a mailed link is open, no other is mailed for so long, unless an administrator asks for it. */
const MAIL_INTERVAL = 5 * MINUTE;
/** How long the last administrator is locked although locks have no end. */
const DEFAULT_LOCK = 30 * MINUTE;
/** How long an unlock link works if the lock has no end. */
const UNLOCK_LIFETIME = 24 * HOUR;

export type General = {
  maxFailedLoginAttempts: number | null;
  lockoutDurationMinutes: number | null;
  notifyOwnerOnLockout: boolean;
};
export type Password = {
  minimumLength: number;
  passwordExpirationPeriodDays: number;
  forceUserToResetPasswordIfNotValid: boolean;
};

export type Account = {
  name: string;
  authority: Authority;
  state: "invited" | "active" | "disabled" | "deleted";
  password: string | null;
  passwordSetAt: number;
  /** Wrong passwords in a row. */
  failures: number;
  /** When the lock ends, Infinity for never; kept beyond that end until somebody comes across it. Null: no lock. */
  lockedUntil: number | null;
  /** The last right password was refused for the policy. */
  mustReset: boolean;
};
export type Link = {
  owner: Account;
  purpose: LinkPurpose;
  /** Whether anybody could ask for it. */
  isAnonymous: boolean;
  mailedAt: number | null;
  expiresAt: number;
  end: "used" | "superseded" | null;
};
/** A program's session, with all its refresh tokens, oldest first. */
export type Session = {
  owner: Account;
  isEnded: boolean;
  renewableUntil: number;
  /** When its newest access token was issued. */
  issuedAt: number;
  refresh: { expiresAt: number; usedAt: number | null }[];
};

/** What a verb must answer, audit and mail. */
export type Outcome = {
  answer: string;
  events: { kind: AuditKind; about?: string; details?: object }[];
  mails: { kind: MailKind; to: string }[];
};

/** The address that is told about locks. */
export const OPERATIONS = "ops@example.org";
export const addressOf = (name: string) => `${name}@example.org`;

export class AccountModel {
  accounts: Account[] = [];
  links: Link[] = [];
  sessions: Session[] = [];
  general: General = { maxFailedLoginAttempts: 2, lockoutDurationMinutes: 30, notifyOwnerOnLockout: true };
  password: Password = {
    minimumLength: 12,
    passwordExpirationPeriodDays: 0,
    forceUserToResetPasswordIfNotValid: false,
  };
  private expirySwitchedOnAt = 0;
  private events: Outcome["events"] = [];
  private mails: Outcome["mails"] = [];

  constructor(public now: number) {}

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

  isAlive({ owner, isEnded, renewableUntil }: Session): boolean {
    return !isEnded && owner.state === "active" && renewableUntil > this.now;
  }

  /** Whether a session's newest access token works. */
  isUsable(session: Session): boolean {
    return this.isAlive(session) && session.issuedAt + ACCESS_LIFETIME > this.now;
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

  logIn(name: string, password: string): Outcome {
    const account = this.account(name);
    const compared = this.tryPassword(account, name, password, "REST");
    if (!account || compared !== "right") return this.outcome("refused");
    const subject = account.name;
    if (this.isExpired(account)) {
      this.addLink(account, "PASSWORD_EXPIRED", { lifetime: GRANT_LIFETIME });
      this.audit("login-failed", subject, { how: "REST", reason: "password-expired" });
      return this.outcome("password-expired");
    }
    if (this.password.forceUserToResetPasswordIfNotValid && this.violates(password)) {
      account.mustReset = true;
      const wasMailed = this.wasJustMailed(account);
      if (!wasMailed) this.mailLink(account, "password-reset-forced");
      this.audit("password-reset-forced", subject, wasMailed ? { reason: "recently-mailed" } : {});
      return this.outcome("reset-required");
    }
    account.mustReset = false;
    this.begin(account);
    this.audit("login-succeeded", subject, { how: "REST" });
    return this.outcome("ok");
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
    const sessions = this.endSessions(this.sessionsOf(owner));
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

  /** Exchanges one of a session's refresh tokens. */
  refresh(session: Session, token: Session["refresh"][number]): Outcome {
    if (!this.isAlive(session) || token.expiresAt <= this.now) return this.outcome("token-expired");
    if (token.usedAt !== null && token.usedAt + REFRESH_GRACE < this.now) {
      this.endSessions([session]);
      const details = { reason: "refresh-token-reused", sessions: 1 };
      this.audit("sessions-ended", session.owner.name, details);
      return this.outcome("token-expired");
    }
    if (token.usedAt === null) {
      token.usedAt = this.now;
      this.renew(session);
    } else {
      session.issuedAt = this.now;
    }
    return this.outcome("ok");
  }

  // What a person can do who is logged in.

  changePassword(session: Session, current: string, password: string): Outcome {
    const { owner } = session;
    const compared = this.tryPassword(owner, owner.name, current, "confirmation");
    if (compared !== "right") return this.outcome("wrong-password");
    const refused = this.refusalOf(owner, password);
    if (refused) return this.outcome(refused);
    const sessions = this.endSessions(this.sessionsOf(owner).filter((one) => one !== session));
    this.audit("password-changed", owner.name, { how: "ACCOUNT", sessions });
    this.mail("password-changed", addressOf(owner.name));
    this.setPassword(owner, password);
    // The session goes on, but none of its earlier tokens does.
    session.isEnded = true;
    this.begin(owner);
    return this.outcome("ok");
  }

  logOut(session: Session): Outcome {
    this.endSessions([session]);
    this.audit("logged-out", session.owner.name);
    return this.outcome("ok");
  }

  // What an administrator can do, with a session.

  create(by: Session, name: string, authority: Authority): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    if (this.account(name)) return this.outcome("invalid");
    const account = this.add({ name, authority, state: "invited" });
    this.audit("account-created", name, { authority });
    this.audit("link-issued", name, { purpose: "ACTIVATION", delivery: "mail" });
    this.mailLink(account, "password-reset");
    return this.outcome("ok");
  }

  issueLink(by: Session, account: Account | undefined, delivery: "mail" | "copy"): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    if (account?.state !== "active" && account?.state !== "invited") return this.outcome("out-of-date");
    const purpose = purposeFor(account);
    if (delivery === "mail") this.mailLink(account, "password-reset");
    else this.addLink(account, purpose, { lifetime: LINK_LIFETIME });
    this.audit("link-issued", account.name, { purpose, delivery });
    return this.outcome("ok");
  }

  unlockByAdministrator(by: Session, account: Account | undefined): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    if (!account || account.lockedUntil === null) return this.outcome("out-of-date");
    this.unlock(account, "administrator");
    this.supersede((link) => link.owner === account && link.purpose === "UNLOCK");
    return this.outcome("ok");
  }

  disable(by: Session, account: Account | undefined): Outcome {
    const refused = this.protection(by, account);
    if (refused || account?.state !== "active") return this.outcome(refused ?? "out-of-date");
    const sessions = this.endSessions(this.sessionsOf(account));
    account.state = "disabled";
    this.supersede(({ owner }) => owner === account);
    this.audit("account-disabled", account.name, { sessions });
    return this.outcome("ok");
  }

  enable(by: Session, account: Account | undefined): Outcome {
    const refused = this.protection(by, account);
    if (refused || account?.state !== "disabled") return this.outcome(refused ?? "out-of-date");
    account.state = "active";
    this.audit("account-enabled", account.name);
    this.unlock(account, "administrator");
    return this.outcome("ok");
  }

  delete(by: Session, account: Account | undefined): Outcome {
    const refused = this.protection(by, account);
    if (refused || !account) return this.outcome(refused ?? "out-of-date");
    const sessions = this.endSessions(this.sessionsOf(account));
    account.state = "deleted";
    this.audit("account-deleted", account.name, { authority: account.authority, sessions });
    return this.outcome("ok");
  }

  changeAuthority(by: Session, account: Account | undefined, to: Authority): Outcome {
    const refused = this.protection(by, account);
    if (refused || !account || account.authority === to) return this.outcome(refused ?? "out-of-date");
    this.audit("authority-changed", account.name, { from: account.authority, to });
    account.authority = to;
    return this.outcome("ok");
  }

  endSession(by: Session, session: Session): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    if (this.endSessions([session]) === 0) return this.outcome("ended-already");
    this.audit("sessions-ended", session.owner.name, { reason: "administrator", sessions: 1 });
    return this.outcome("ok");
  }

  endSessionsOf(by: Session, account: Account | undefined): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    const sessions = account ? this.endSessions(this.sessionsOf(account)) : 0;
    if (!account || sessions === 0) return this.outcome("out-of-date");
    this.audit("sessions-ended", account.name, { reason: "administrator", sessions });
    return this.outcome("ok");
  }

  endAllSessions(by: Session, includesOwn: boolean): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    const meant = this.sessions.filter((one) => (includesOwn || one !== by) && this.isAlive(one));
    const people = new Set(meant.map(({ owner }) => owner)).size;
    const sessions = this.endSessions(meant);
    if (sessions > 0) this.audit("sessions-ended", by.owner.name, { reason: "everyone", sessions, people });
    return this.outcome("ok");
  }

  saveGeneral(by: Session, values: Partial<General>): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    const next = { ...this.general, ...values };
    if (differs(this.general, next)) this.audit("settings-changed", by.owner.name, { panel: "general" });
    this.general = next;
    return this.outcome("ok");
  }

  savePassword(by: Session, values: Partial<Password>): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    const next = { ...this.password, ...values };
    if (differs(this.password, next)) this.audit("settings-changed", by.owner.name, { panel: "password" });
    if (this.password.passwordExpirationPeriodDays === 0) this.expirySwitchedOnAt = this.now;
    this.password = next;
    return this.outcome("ok");
  }

  // What these consist of.

  /** Adds an account, as the first start does. */
  add(account: Pick<Account, "name" | "authority" | "state"> & { password?: string }): Account {
    const { password = null, ...rest } = account;
    const unused = { failures: 0, lockedUntil: null, mustReset: false };
    const added = { ...rest, ...unused, password, passwordSetAt: this.now };
    this.accounts.push(added);
    return added;
  }

  begin(owner: Account): Session {
    const session = { owner, isEnded: false, renewableUntil: 0, issuedAt: 0, refresh: [] };
    this.sessions.push(session);
    this.renew(session);
    return session;
  }

  private renew(session: Session): void {
    session.renewableUntil = this.now + REFRESH_LIFETIME;
    session.issuedAt = this.now;
    session.refresh.push({ expiresAt: this.now + REFRESH_LIFETIME, usedAt: null });
  }

  private outcome(answer: string): Outcome {
    const { events, mails } = this;
    [this.events, this.mails] = [[], []];
    return { answer, events, mails: mails.toSorted((a, b) => a.kind.localeCompare(b.kind)) };
  }

  private audit(kind: AuditKind, about: string, details: object = {}): void {
    this.events.push({ kind, about: addressOf(about), details });
  }

  private mail(kind: MailKind, to: string): void {
    this.mails.push({ kind, to });
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
    return account.password === password ? "same-as-current" : null;
  }

  /** Tries a password, and counts it; the N-th wrong one in a row locks the account. */
  private tryPassword(
    account: Account | undefined,
    name: string,
    password: string,
    how: "REST" | "confirmation",
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
  private unlock(account: Account, by: "time" | "owner" | "reset" | "administrator"): void {
    if (account.lockedUntil === null) return;
    const isOver = account.lockedUntil <= this.now;
    this.audit("account-unlocked", account.name, { by: isOver ? "time" : by });
    account.lockedUntil = null;
    account.failures = 0;
  }

  private setPassword(account: Account, password: string): void {
    account.state = "active";
    account.password = password;
    account.passwordSetAt = this.now;
    account.failures = 0;
    account.mustReset = false;
    this.supersede(({ owner }) => owner === account);
  }

  private addLink(
    owner: Account,
    purpose: LinkPurpose,
    how: { lifetime: number; isAnonymous?: boolean; isMailed?: boolean },
  ): void {
    const { lifetime, isAnonymous = false, isMailed = false } = how;
    // A stranger's request does not void the link that an administrator gave to the owner.
    this.supersede(
      (link) => link.owner === owner && link.purpose === purpose && (!isAnonymous || link.isAnonymous),
    );
    const mailedAt = isMailed ? this.now : null;
    this.links.push({ owner, purpose, isAnonymous, mailedAt, expiresAt: this.now + lifetime, end: null });
  }

  /** Mails a link to choose a password. @returns the mail's kind */
  private mailLink(
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

  private supersede(isMeant: (link: Link) => boolean): void {
    for (const link of this.links) if (isMeant(link)) link.end ??= "superseded";
  }

  private refuseLink({ owner, purpose, expiresAt, end }: Link): Outcome {
    const ended = expiresAt <= this.now ? "expired" : "account-changed";
    if (owner.state !== "deleted") this.audit("link-refused", owner.name, { purpose, reason: end ?? ended });
    return this.outcome("link-unusable");
  }

  private sessionsOf(account: Account): Session[] {
    return this.sessions.filter(({ owner }) => owner === account);
  }

  /** Ends sessions. @returns how many were alive */
  private endSessions(sessions: Session[]): number {
    const alive = sessions.filter((one) => this.isAlive(one));
    for (const one of alive) one.isEnded = true;
    return alive.length;
  }

  /** Why a change to an account is refused whatever it is; null if it is not. */
  private protection(by: Session, account: Account | undefined): string | null {
    if (!isAdministrator(by)) return "forbidden";
    if (account === by.owner) return "oneself";
    return account && this.isLastAdministrator(account) ? "last-administrator" : null;
  }
}

const isAdministrator = ({ owner }: Session) => owner.authority === "SYS_ADMIN";

const purposeFor = ({ state }: Account) => (state === "invited" ? "ACTIVATION" : "PASSWORD_RESET");

const differs = (before: object, after: object) => JSON.stringify(before) !== JSON.stringify(after);
