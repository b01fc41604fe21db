import type { Authority } from "@/prisma/generated/enums";
import { AccountModel, type General, LINK_LIFETIME, type Password, purposeFor } from "./account-model";
import {
  type Account,
  addressOf,
  type Jwt,
  type Key,
  MINUTE,
  newKey,
  type Outcome,
  type Session,
} from "./session-model";

// What administrators are meant to do, with a session.

export class ConsoleModel extends AccountModel {
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
    if (!account || account.state === "disabled" || account.lockedUntil === null)
      return this.outcome("out-of-date");
    this.unlock(account, "administrator");
    this.supersede((link) => link.owner === account && link.purpose === "UNLOCK");
    return this.outcome("ok");
  }

  disable(by: Session, account: Account | undefined): Outcome {
    const refused = this.protection(by, account);
    if (refused || account?.state !== "active") return this.outcome(refused ?? "out-of-date");
    const { sessions } = this.endEverywhere(this.sessionsOf(account));
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
    const { sessions } = this.endSessions(this.sessionsOf(account));
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

  /** Changes an account's address. Its links were mailed to the old one. */
  readdress(by: Session, account: Account | undefined, name: string): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    if (!account) return this.outcome("out-of-date");
    if (account.name === name) return this.outcome("ok");
    if (this.account(name)) return this.outcome("invalid");
    this.supersede(({ owner }) => owner === account);
    this.audit("profile-changed", account.name);
    // The old address of somebody invited may be a stranger's.
    if (account.state !== "invited")
      for (const one of [name, account.name]) this.mail("email-changed", addressOf(one));
    account.name = name;
    return this.outcome("ok");
  }

  endSession(by: Session, session: Session): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    if (this.endEverywhere([session]).sessions === 0) return this.outcome("ended-already");
    this.audit("sessions-ended", session.owner.name, { reason: "administrator", sessions: 1 });
    return this.outcome("ok");
  }

  endSessionsOf(by: Session, account: Account | undefined): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    const { sessions } = this.endEverywhere(account ? this.sessionsOf(account) : []);
    if (!account || sessions === 0) return this.outcome("out-of-date");
    this.audit("sessions-ended", account.name, { reason: "administrator", sessions });
    return this.outcome("ok");
  }

  endAllSessions(by: Session, includesOwn: boolean): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    const meant = this.sessions.filter((one) => includesOwn || one !== by);
    const { sessions, people } = this.endEverywhere(meant);
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

  /**
   * Saves the JWT panel. Another key or issuer is a rotation, which needs a recent proof of the password.
   * @param key the key's name; null keeps the key
   * @param how `proof`: the password, if given; `keeps`: nobody is signed out by a rotation
   */
  saveJwt(
    by: Session,
    { key, values }: { key: string | null; values: Jwt },
    how: { proof: string | null; keeps: boolean },
  ): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    const isByProgram = by.kind !== "BROWSER";
    if (how.proof !== null && !this.prove(by, how.proof)) return this.outcome("wrong-password");
    const last = this.signingKey();
    const next = { name: key ?? last.name, issuer: values.tokenIssuer };
    const isRotation = next.name !== last.name || next.issuer !== last.issuer;
    if (isRotation && !this.isRecentlyProved(by)) {
      if (!isByProgram) return this.outcome("rotation-unconfirmed");
      this.audit("access-refused", by.owner.name, { reason: "proof-required" });
      return this.outcome("proof-required");
    }
    if (isRotation) this.letSign(newKey(next.name, next.issuer));
    if (isRotation && !how.keeps) {
      const ended = this.sessions.filter((one) => !isByProgram || one !== by);
      const { sessions, people } = this.endSessions(ended);
      for (const one of this.keys) one.isRefused ||= one !== this.signingKey();
      this.audit("sessions-ended", by.owner.name, { reason: "key-changed", sessions, people });
    }
    if (isRotation || differs(this.jwt, values))
      this.audit("settings-changed", by.owner.name, { panel: "jwt" });
    this.putJwt(values, isRotation);
    // A program's session goes on, with another copy of its refresh token.
    if (isByProgram) this.renew(by, by.refresh.at(-1)?.use);
    return this.outcome("ok");
  }

  retireKey(by: Session, key: Key, proof: string | null): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    if (proof !== null && !this.prove(by, proof)) return this.outcome("wrong-password");
    if (!this.isVerifying(key)) return this.outcome("ring-changed");
    if (!this.isRecentlyProved(by)) return this.outcome("retirement-unconfirmed");
    const { sessions, people } = this.endSessions(this.sessions.filter((one) => one.key === key));
    key.isRefused = true;
    this.audit("signing-key-retired", by.owner.name, { issuer: key.issuer, sessions, people });
    if (sessions > 0)
      this.audit("sessions-ended", by.owner.name, { reason: "key-retired", sessions, people });
    return this.outcome("ok");
  }

  /** Lets an earlier key sign again. Nobody is signed out. */
  rollBack(by: Session, key: Key, proof: string | null): Outcome {
    if (!isAdministrator(by)) return this.outcome("forbidden");
    if (proof !== null && !this.prove(by, proof)) return this.outcome("wrong-password");
    if (!this.isVerifying(key)) return this.outcome("ring-changed");
    if (!this.isRecentlyProved(by)) return this.outcome("roll-back-unconfirmed");
    this.letSign(key);
    this.jwt = { ...this.jwt, tokenIssuer: key.issuer };
    this.audit("settings-changed", by.owner.name, { panel: "jwt" });
    return this.outcome("ok");
  }

  private isRecentlyProved({ provedAt }: Session): boolean {
    return provedAt + PROOF_LIFETIME >= this.now;
  }

  /** Why a change to an account is refused whatever it is; null if it is not. */
  private protection(by: Session, account: Account | undefined): string | null {
    if (!isAdministrator(by)) return "forbidden";
    if (account === by.owner) return "oneself";
    return account && this.isLastAdministrator(account) ? "last-administrator" : null;
  }
}

/** How long a proof of the password is good for changes of keys. */
const PROOF_LIFETIME = 5 * MINUTE;

const isAdministrator = ({ owner }: Session) => owner.authority === "SYS_ADMIN";

const differs = (before: object, after: object) => JSON.stringify(before) !== JSON.stringify(after);
