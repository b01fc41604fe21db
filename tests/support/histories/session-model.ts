import type { AuditKind } from "@/lib/audit/schema";
import type { MailKind } from "@/lib/mail/schema";
import type { Authority, SessionKind } from "@/prisma/generated/enums";

// What sessions, tokens and signing keys are meant to do, in plain lists: without a database, signatures or secrets, and
// one thing after the other. Times are in milliseconds.

const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const REFRESH_GRACE = 10 * SECOND;
/** A browser's token is renewed so long before its end. */
const RENEWED_AHEAD = 30 * SECOND;
/** How far the clock of another server may be behind. */
const CLOCK_SKEW = MINUTE;
/** How long another server may still sign with a key that has been replaced. */
const SIGNING_SLACK = MINUTE;

export type Jwt = { tokenIssuer: string; tokenExpirationTime: number; refreshTokenExpTime: number };

export type Account = {
  name: string;
  authority: Authority;
  state: "invited" | "active" | "disabled" | "deleted";
  password: string | null;
  passwordSetAt: number;
  /** The passwords before, if the reuse rule was on when they were replaced. */
  replaced: { password: string; at: number }[];
  /** Wrong passwords in a row. */
  failures: number;
  /** When the lock ends, Infinity for never; kept beyond that end until somebody comes across it. Null: no lock. */
  lockedUntil: number | null;
  /** The last right password was refused for the policy. */
  mustReset: boolean;
};

/** An entry of the key ring. */
export type Key = {
  name: string;
  issuer: string;
  /** Null while it signs; then when the last token that it signed has expired. */
  verifiesUntil: number | null;
  /** Somebody retired it, or signed everyone out: nothing that it signed is accepted any more. */
  isRefused: boolean;
  /** Until when tokens from before can be alive, when it stops signing: from shorter lifetimes, or an earlier term. */
  atLeastUntil: number;
};
export type Token = { key: Key; expiresAt: number };
/** Copies of one refresh token share their use. */
export type RefreshToken = Token & { use: { at: number | null } };

/** A session with all its tokens, oldest first. A browser's has no refresh tokens. */
export type Session = {
  owner: Account;
  kind: SessionKind;
  isEnded: boolean;
  /** The key of its newest token. */
  key: Key;
  renewedAt: number;
  /** When it was last used, to the minute. */
  usedAt: number;
  renewableUntil: number;
  /** When its owner last gave the password. */
  provedAt: number;
  access: Token[];
  refresh: RefreshToken[];
};

/** What a verb must answer, audit and mail. */
export type Outcome = {
  answer: string;
  events: { kind: AuditKind; about?: string; details?: object }[];
  mails: { kind: MailKind; to: string }[];
};

export const addressOf = (name: string) => `${name}@example.org`;

export class SessionModel {
  sessions: Session[] = [];
  jwt: Jwt = { tokenIssuer: "gatehouse", tokenExpirationTime: 9_000, refreshTokenExpTime: 604_800 };
  keys: Key[] = [newKey("first", "gatehouse")];
  private events: Outcome["events"] = [];
  private mails: Outcome["mails"] = [];

  constructor(public now: number) {}

  /** A copy, in which a step can be tried out. */
  copy(): this {
    return Object.assign(Object.create(Object.getPrototypeOf(this)), structuredClone({ ...this }));
  }

  // What can be asked.

  isAlive({ owner, key, isEnded, renewableUntil }: Session, at = this.now): boolean {
    return !isEnded && !key.isRefused && owner.state === "active" && renewableUntil > at;
  }

  /** Whether a session's access token works. A key verifies as long as any of its tokens, unless it is refused. */
  accepts(session: Session, { key, expiresAt }: Token): boolean {
    return this.isAlive(session) && !key.isRefused && expiresAt > this.now;
  }

  isUsable(session: Session): boolean {
    return session.access.some((token) => this.accepts(session, token));
  }

  signingKey(): Key {
    return this.keys.find(({ verifiesUntil }) => verifiesUntil === null) as Key;
  }

  /** Whether a key has stopped signing, and tokens that it signed may still be alive. */
  isVerifying({ verifiesUntil, isRefused }: Key): boolean {
    return verifiesUntil !== null && verifiesUntil > this.now && !isRefused;
  }

  protected trusts(key: Key): boolean {
    return key.verifiesUntil === null || this.isVerifying(key);
  }

  // What sessions do without an administrator.

  /** Exchanges one of a program's refresh tokens. */
  refresh(session: Session, { key, expiresAt, use }: RefreshToken): Outcome {
    if (!this.isAlive(session) || key.isRefused || expiresAt <= this.now)
      return this.outcome("token-expired");
    if (use.at !== null && use.at + REFRESH_GRACE < this.now) {
      this.endSessions([session]);
      const details = { reason: "refresh-token-reused", sessions: 1 };
      this.audit("sessions-ended", session.owner.name, details);
      return this.outcome("token-expired");
    }
    if (use.at === null) {
      use.at = this.now;
      this.renew(session);
    } else {
      const newest = session.refresh.at(-1)?.use;
      this.sign(session, { use: newest, since: session.renewedAt });
    }
    return this.outcome("ok");
  }

  /** Renews a browser's token, if that is due. */
  continue(session: Session, token: Token): Outcome {
    const { key, expiresAt } = token;
    if (!this.isAlive(session) || !this.trusts(key)) return this.outcome("none");
    const isPastHalf = this.now - session.renewedAt > session.renewableUntil - this.now;
    const isDue = expiresAt <= this.now + RENEWED_AHEAD || expiresAt > session.renewableUntil || isPastHalf;
    if (isDue) this.renew(session);
    else this.use(session);
    return this.outcome(isDue ? "renewed" : "live");
  }

  /** Uses a session's access token. A use is noted once a minute. */
  use(session: Session): void {
    if (session.usedAt + MINUTE < this.now) session.usedAt = this.now;
  }

  logOut(session: Session): Outcome {
    this.endSessions([session]);
    this.audit("logged-out", session.owner.name);
    return this.outcome("ok");
  }

  // What these consist of.

  begin(owner: Account, kind: SessionKind, provedAt = this.now): Session {
    const times = { renewedAt: 0, usedAt: 0, renewableUntil: 0, provedAt };
    const session = {
      owner,
      kind,
      isEnded: false,
      key: this.signingKey(),
      ...times,
      access: [],
      refresh: [],
    };
    this.sessions.push(session);
    this.renew(session);
    return session;
  }

  /** Signs a session's next tokens, and lets it live as long as a new one. @param use copies a refresh token, if given */
  protected renew(session: Session, use?: RefreshToken["use"]): void {
    session.renewedAt = this.now;
    session.usedAt = this.now;
    session.renewableUntil = this.now + this.jwt.refreshTokenExpTime * SECOND;
    this.sign(session, { use, since: this.now });
  }

  private sign(session: Session, refresh: { use: RefreshToken["use"] | undefined; since: number }): void {
    const key = this.signingKey();
    const { tokenExpirationTime, refreshTokenExpTime } = this.jwt;
    session.key = key;
    session.access.push({ key, expiresAt: this.now + tokenExpirationTime * SECOND });
    if (session.kind === "BROWSER") return;
    const { use = { at: null }, since } = refresh;
    session.refresh.push({ key, expiresAt: since + refreshTokenExpTime * SECOND, use });
  }

  protected sessionsOf(account: Account): Session[] {
    return this.sessions.filter(({ owner }) => owner === account);
  }

  /** Ends sessions also where a server's clock is behind, by which they are alive. @returns those that were */
  protected endEverywhere(sessions: Session[]): { sessions: number; people: number } {
    return this.endSessions(sessions, this.now - CLOCK_SKEW);
  }

  /** Ends sessions. @returns those that were alive */
  protected endSessions(sessions: Session[], at = this.now): { sessions: number; people: number } {
    const alive = sessions.filter((one) => this.isAlive(one, at));
    for (const one of alive) one.isEnded = true;
    return { sessions: alive.length, people: new Set(alive.map(({ owner }) => owner)).size };
  }

  /** Lets another key sign. The one before verifies until its last token has expired. */
  protected letSign(next: Key): void {
    const last = this.signingKey();
    const ends = this.sessions
      .filter((one) => one.key === last && this.isAlive(one))
      .map((one) => one.renewableUntil);
    const current = this.now + this.jwt.refreshTokenExpTime * SECOND;
    last.verifiesUntil = Math.max(...ends, current, last.atLeastUntil);
    last.verifiesUntil += SIGNING_SLACK;
    last.atLeastUntil = last.verifiesUntil - SIGNING_SLACK;
    next.verifiesUntil = null;
    if (!this.keys.includes(next)) this.keys.push(next);
  }

  /**
   * Puts lifetimes and the issuer in force. A shorter refresh time counts from a session's last use, so that nobody at
   * work is logged out.
   */
  protected putJwt(next: Jwt, isKeyNew: boolean): void {
    const key = this.signingKey();
    const lastAccess = this.now + this.jwt.tokenExpirationTime * SECOND;
    if (!isKeyNew) key.atLeastUntil = Math.max(key.atLeastUntil, lastAccess);
    for (const one of this.sessions) {
      const end = Math.max(one.renewedAt, one.usedAt) + next.refreshTokenExpTime * SECOND;
      one.renewableUntil = Math.min(one.renewableUntil, end);
    }
    this.jwt = next;
  }

  protected outcome(answer: string): Outcome {
    const { events, mails } = this;
    [this.events, this.mails] = [[], []];
    return { answer, events, mails: mails.toSorted(byKindAndAddress) };
  }

  protected audit(kind: AuditKind, about: string | null, details: object = {}): void {
    this.events.push({ kind, about: about === null ? "" : addressOf(about), details });
  }

  protected mail(kind: MailKind, to: string): void {
    this.mails.push({ kind, to });
  }
}

export const byKindAndAddress = (a: { kind: string; to: string }, b: { kind: string; to: string }) =>
  `${a.kind} ${a.to}`.localeCompare(`${b.kind} ${b.to}`);

export const newKey = (name: string, issuer: string): Key => ({
  ...{ name, issuer, verifiesUntil: null, isRefused: false, atLeastUntil: 0 },
});
