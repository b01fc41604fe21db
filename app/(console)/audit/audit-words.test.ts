import { describe, expect, it } from "vitest";
import { type AuditKind, auditKinds } from "@/lib/audit/schema";
import { plainText } from "@/tests/support/plain-text";
import { type AuditFacts, auditActor, ordinal } from "./audit-facts";
import { auditWords } from "./audit-words";

const JANE = "jane@example.org";
const OPS = "ops@example.org";

const facts = (kind: AuditFacts["kind"], more: Partial<AuditFacts> = {}): AuditFacts => ({
  kind,
  actorEmail: "",
  subjectEmail: "",
  address: "203.0.113.7",
  userAgent: "",
  details: {},
  ...more,
});
const sentence = (s: AuditFacts) => plainText(auditWords(s).sentence);
const of = (subjectEmail: string, details: AuditFacts["details"] = {}) => ({ subjectEmail, details });
const by = (actorEmail: string, subjectEmail: string, details: AuditFacts["details"] = {}) => ({
  actorEmail,
  subjectEmail,
  details,
});
const byOperator = (...more: [subjectEmail: string, details?: AuditFacts["details"]]) => ({
  ...by("host", ...more),
  userAgent: "npm run admin",
});
const panel = (name: string, changes: AuditFacts["details"]) =>
  by(OPS, OPS, { panel: name, version: 2, changes });

const UNTIL = "2026-08-01T10:30:00.000Z";
const SINCE = "2026-07-30T08:15:00.000Z";

describe("auditWords", () => {
  it.each<[AuditKind, Partial<AuditFacts>, string]>([
    ["login-succeeded", of(JANE, { how: "BROWSER", sessionId: "1" }), `${JANE} logged in`],
    ["login-succeeded", of(JANE, { how: "REST" }), `${JANE} logged in over the API`],
    ["login-succeeded", of(JANE, { how: "MOBILE" }), `${JANE} logged in with the mobile app`],
    ["login-succeeded", {}, "Somebody logged in"],

    [
      "login-failed",
      of(JANE, { reason: "wrong-password", failedAttempts: 3 }),
      `Wrong password for ${JANE} (3rd in a row)`,
    ],
    ["login-failed", of(JANE, { reason: "wrong-password" }), `Wrong password for ${JANE}`],
    [
      "login-failed",
      of(JANE, { reason: "wrong-password", failedAttempts: "3" }),
      `Wrong password for ${JANE}`,
    ],
    [
      "login-failed",
      of(JANE, { reason: "wrong-password", failedAttempts: -1 }),
      `Wrong password for ${JANE}`,
    ],
    [
      "login-failed",
      by(OPS, OPS, { how: "confirmation", reason: "wrong-password", failedAttempts: 1 }),
      `${OPS} entered a wrong password when asked to confirm it`,
    ],
    ["login-failed", of(JANE, { reason: "unknown-account" }), `Login refused: unknown address ${JANE}`],
    [
      "login-failed",
      of("", { reason: "unknown-account" }),
      "Login refused: the text entered is not an e-mail address",
    ],
    ["login-failed", of(JANE, { reason: "not-activated" }), `Login refused: ${JANE} is not activated yet`],
    ["login-failed", of(JANE, { reason: "disabled" }), `Login refused: ${JANE} is disabled`],
    ["login-failed", of(JANE, { reason: "locked" }), `Login refused: ${JANE} is locked`],
    [
      "login-failed",
      of(JANE, { reason: "changed-meanwhile" }),
      `Login refused: the password was right, but the account ${JANE} changed during the check`,
    ],
    [
      "login-failed",
      of(JANE, { how: "confirmation", reason: "changed-meanwhile" }),
      `Confirmation refused: the password was right, but the account ${JANE} changed during the check`,
    ],
    [
      "login-failed",
      { details: { reason: "throttled" } },
      "Logins from 203.0.113.7 refused: too many in a minute",
    ],
    [
      "login-failed",
      { address: "", details: { reason: "throttled" } },
      "Logins from one address refused: too many in a minute",
    ],
    [
      "login-failed",
      of(JANE, { reason: "account-throttled" }),
      `Logins to ${JANE} refused: too many in a minute`,
    ],
    [
      "login-failed",
      of(JANE, { reason: "password-expired" }),
      `Login refused: the password of ${JANE} has expired`,
    ],
    [
      "login-failed",
      of("", { how: "MOBILE", reason: "secret-unknown" }),
      "Login with the mobile app refused: the code is unknown or was replaced",
    ],
    [
      "login-failed",
      of(JANE, { how: "MOBILE", reason: "secret-used" }),
      `Login with the mobile app refused: the code of ${JANE} had already been used`,
    ],
    [
      "login-failed",
      of(JANE, { how: "MOBILE", reason: "secret-expired" }),
      `Login with the mobile app refused: the code of ${JANE} had expired`,
    ],
    [
      "login-failed",
      of(JANE, { how: "MOBILE", reason: "session-ended" }),
      `Login with the mobile app refused: the session that created the code of ${JANE} had ended`,
    ],
    [
      "login-failed",
      of(JANE, { how: "MOBILE", reason: "password-changed" }),
      `Login with the mobile app refused: the code of ${JANE} was older than the password`,
    ],
    ["link-issued", by(JANE, JANE, { purpose: "MOBILE" }), `${JANE} created a code for the mobile app`],
    [
      "link-issued",
      by(OPS, JANE, { purpose: "ACTIVATION", delivery: "copy" }),
      `${OPS} copied an activation link for ${JANE}`,
    ],
    [
      "link-issued",
      by("host", JANE, { purpose: "ACTIVATION", delivery: "copy" }),
      `Gatehouse printed an activation link for ${JANE}`,
    ],
    [
      "link-issued",
      byOperator(JANE, { purpose: "PASSWORD_RESET", delivery: "copy" }),
      `Somebody on the host printed a reset link for ${JANE}`,
    ],
    [
      "link-issued",
      by(OPS, JANE, { purpose: "PASSWORD_RESET", delivery: "mail" }),
      `${OPS} queued a mail with a reset link for ${JANE}`,
    ],
    [
      "link-issued",
      by(OPS, JANE, { purpose: "ACTIVATION", delivery: "mail", shown: true }),
      `${OPS} queued a mail with an activation link for ${JANE}, and was shown it too`,
    ],
    [
      "link-refused",
      of(JANE, { purpose: "PASSWORD_RESET", reason: "used" }),
      `Somebody tried a reset link for ${JANE}: it had already been used`,
    ],
    [
      "link-refused",
      of(JANE, { purpose: "ACTIVATION", reason: "superseded" }),
      `Somebody tried an activation link for ${JANE}: it had been replaced or withdrawn`,
    ],
    [
      "link-refused",
      of(JANE, { purpose: "PASSWORD_EXPIRED", reason: "expired" }),
      `Somebody tried a link to replace an expired password for ${JANE}: it had expired`,
    ],
    [
      "link-refused",
      of(JANE, { purpose: "UNLOCK", reason: "account-changed" }),
      `Somebody tried an unlock link for ${JANE}: the account had changed since`,
    ],
    ["link-refused", of(JANE), `Somebody tried a link for ${JANE}, which was refused`],
    ["login-failed", of(JANE, { reason: "sunspots" }), `A login as ${JANE} failed`],
    ["login-failed", {}, "A login failed"],

    [
      "account-locked",
      of(JANE, { failedAttempts: 5, until: UNTIL }),
      `${JANE} was locked until ${UNTIL} after 5 wrong passwords in a row`,
    ],
    [
      "account-locked",
      of(JANE, { failedAttempts: 1, until: null }),
      `${JANE} was locked after 1 wrong password until somebody unlocks it`,
    ],
    ["account-locked", of(JANE), `${JANE} was locked`],
    ["account-locked", of(JANE, { until: "soon" }), `${JANE} was locked`],

    ["account-unlocked", by("host", JANE, { by: "time" }), `${JANE} was unlocked: the lock expired`],
    ["account-unlocked", of(JANE, { by: "owner" }), `${JANE} was unlocked by its owner`],
    ["account-unlocked", of(JANE, { by: "reset" }), `${JANE} was unlocked by a password reset`],
    ["account-unlocked", by(JANE, JANE, { by: "change" }), `${JANE} was unlocked by a password change`],
    ["account-unlocked", by(OPS, JANE, { by: "administrator" }), `${OPS} unlocked ${JANE}`],
    ["account-unlocked", byOperator(JANE), `Somebody on the host unlocked ${JANE}`],
    ["account-unlocked", of(JANE), `${JANE} was unlocked`],

    ["logged-out", by(JANE, JANE), `${JANE} logged out`],
    ["logged-out", {}, "Somebody logged out"],

    [
      "sessions-ended",
      by(OPS, OPS, { reason: "key-changed", sessions: 1200, people: 7 }),
      `${OPS} signed everyone out: 1,200 sessions of 7 people ended`,
    ],
    [
      "sessions-ended",
      by(OPS, OPS, { reason: "key-changed", sessions: 1, people: 1 }),
      `${OPS} signed everyone out: 1 session of 1 person ended`,
    ],
    [
      "access-refused",
      by(JANE, JANE, { asked: "POST /users (remove)" }),
      `${JANE} was denied access reserved for system administrators: POST /users (remove)`,
    ],
    [
      "access-refused",
      by(OPS, OPS, { reason: "proof-required" }),
      `${OPS} was denied a change of the signing key or the issuer: the password had not been entered for five minutes`,
    ],
    ["sessions-ended", by(OPS, OPS, { reason: "key-changed" }), `${OPS} signed everyone out`],
    [
      "sessions-ended",
      by(OPS, OPS, { reason: "everyone", sessions: 41, people: 12, includesOwn: false }),
      `${OPS} ended everyone’s sessions except the one in use: 41 sessions of 12 people`,
    ],
    [
      "sessions-ended",
      by(OPS, OPS, { reason: "everyone", sessions: 1, people: 1, includesOwn: true }),
      `${OPS} ended everyone’s sessions: 1 session of 1 person`,
    ],
    ["sessions-ended", by(OPS, JANE, { sessions: 2 }), `${OPS} ended 2 sessions of ${JANE}`],
    ["sessions-ended", by(JANE, JANE), `${JANE} ended sessions`],
    [
      "sessions-ended",
      of(JANE, { reason: "another-login", sessions: 1 }),
      `A session of ${JANE} ended: somebody logged in with the same browser`,
    ],
    [
      "sessions-ended",
      of(JANE, { reason: "refresh-token-reused", sessions: 1 }),
      `A session of ${JANE} ended: a spent refresh token was used again`,
    ],

    [
      "account-created",
      by("host", JANE, { authority: "SYS_ADMIN" }),
      `Gatehouse created the account ${JANE}, a system administrator`,
    ],
    ["account-created", by(OPS, JANE, { authority: "EMPEROR" }), `${OPS} created the account ${JANE}`],
    ["account-activated", of(JANE), `${JANE} activated the account and chose a password`],
    [
      "account-activated",
      by(OPS, JANE, { how: "ACTIVATION" }),
      `${OPS} activated the account ${JANE} and chose a password`,
    ],
    ["password-changed", of(JANE), `${JANE} chose a new password`],
    [
      "password-changed",
      of(JANE, { how: "PASSWORD_RESET" }),
      `${JANE} chose a new password with a reset link`,
    ],
    [
      "password-changed",
      of(JANE, { how: "PASSWORD_EXPIRED" }),
      `${JANE} chose a new password to replace an expired one`,
    ],
    [
      "password-changed",
      by(JANE, JANE, { how: "ACCOUNT", sessions: 2 }),
      `${JANE} chose a new password; 2 sessions ended`,
    ],
    ["account-disabled", by(OPS, JANE, { sessions: 1 }), `${OPS} disabled ${JANE}; 1 session ended`],
    ["account-disabled", by(OPS, JANE, { sessions: 0 }), `${OPS} disabled ${JANE}`],
    [
      "account-deleted",
      by(OPS, JANE, { sessions: 3 }),
      `${OPS} deleted the account ${JANE}; 3 sessions ended`,
    ],
    ["password-changed", by(JANE, JANE), `${JANE} chose a new password`],
    ["password-changed", by(OPS, JANE), `${OPS} changed the password of ${JANE}`],
    [
      "password-changed",
      by(OPS, JANE, { how: "PASSWORD_RESET", sessions: 1 }),
      `${OPS} changed the password of ${JANE} with a reset link; 1 session ended`,
    ],
    [
      "password-reset-forced",
      of(JANE, { how: "BROWSER" }),
      `${JANE} was asked to reset a password that does not meet the password policy`,
    ],

    [
      "password-reset-requested",
      of(JANE, { sent: "password-reset", requests: 1 }),
      `Somebody asked to reset the password of ${JANE}: a mail with a reset link was queued`,
    ],
    [
      "password-reset-requested",
      of(JANE, { sent: "activation", requests: 1200 }),
      `Somebody asked 1,200 times to reset the password of ${JANE}: a mail with an activation link was queued`,
    ],
    [
      "password-reset-requested",
      of(JANE, { reason: "unknown-account", requests: 1 }),
      `Somebody asked to reset the password of ${JANE}: no mail was queued, because there is no such account`,
    ],
    [
      "password-reset-requested",
      of(JANE, { reason: "disabled" }),
      `Somebody asked to reset the password of ${JANE}: no mail was queued, because the account is disabled`,
    ],
    [
      "password-reset-requested",
      of(JANE, { reason: "recently-mailed", requests: 2 }),
      `Somebody asked 2 times to reset the password of ${JANE}: no mail was queued, because one with a link had just been queued`,
    ],
    ["password-reset-requested", of(JANE), `Somebody asked to reset the password of ${JANE}`],
    [
      "password-reset-requested",
      of("", { reason: "no-address", requests: 3 }),
      "A reset link was requested 3 times: the text entered is not an e-mail address",
    ],
    [
      "password-reset-requested",
      { details: { reason: "throttled" } },
      "Password reset requests from 203.0.113.7 ignored: too many in a minute",
    ],
    ["profile-changed", by(JANE, JANE), `${JANE} changed the name on the account`],
    ["profile-changed", by(OPS, JANE), `${OPS} changed the name of ${JANE}`],
    ["profile-changed", by(OPS, ""), `${OPS} changed the name on the account`],
    [
      "profile-changed",
      by(OPS, JANE, { email: { from: JANE, to: "joan@example.org" } }),
      `${OPS} changed the address of ${JANE} to joan@example.org`,
    ],

    [
      "settings-changed",
      panel("password", { minimumLength: { from: 12, to: 14 } }),
      `${OPS} changed Password policy`,
    ],
    ["settings-changed", panel("password", {}), `${OPS} saved Password policy without changes`],
    ["settings-changed", by(OPS, OPS), `${OPS} saved the security settings without changes`],
    [
      "settings-changed",
      panel("jwt", { tokenSigningKey: { from: "a1", to: "b2" }, sessions: "kept" }),
      `${OPS} changed JWT security; everyone stays logged in`,
    ],
    [
      "settings-changed",
      panel("jwt", { sessions: "ended" }),
      `${OPS} changed JWT security; everyone was signed out`,
    ],

    [
      "signing-key-shown",
      by(OPS, OPS, { fingerprint: "SHA256:abc" }),
      `${OPS} viewed the signing key (fingerprint SHA256:abc)`,
    ],
    ["signing-key-shown", by(OPS, OPS), `${OPS} viewed the signing key`],
    // Recorded before a server is asked, which may refuse it, or before there is one.
    ["test-mail-sent", by(OPS, JANE), `${OPS} requested a test mail to ${JANE}`],
    ["mail-resent", by(OPS, JANE, { mail: "test" }), `${OPS} queued a mail to ${JANE} again (Test mail)`],
    ["audit-exported", by(OPS, OPS), `${OPS} downloaded the audit log`],
    [
      "audit-exported",
      by(OPS, OPS, {
        filters: { kind: "login-failed", person: "jane", from: "2026-07-01", to: "2026-07-31" },
      }),
      `${OPS} downloaded a part of the audit log: only “Login failed” of jane from 01 Jul 2026 to 31 Jul 2026 (UTC)`,
    ],
    [
      "audit-exported",
      by(OPS, OPS, { filters: { person: '"jane@example.org" "doe@example.org"' } }),
      `${OPS} downloaded a part of the audit log: only events of "jane@example.org" or "doe@example.org"`,
    ],
    [
      "audit-exported",
      by(OPS, OPS, { filters: { address: "203.0.113.7", from: "2026-07-01" } }),
      `${OPS} downloaded a part of the audit log: only events from the address 203.0.113.7 from 01 Jul 2026 (UTC)`,
    ],
    [
      "audit-exported",
      by(OPS, OPS, { filters: { address: "host" } }),
      `${OPS} downloaded a part of the audit log: only events from the host`,
    ],
    [
      "audit-exported",
      by(OPS, OPS, { filters: { to: "2026-07-31", zone: "Europe/Vienna", since: SINCE, until: UNTIL } }),
      `${OPS} downloaded a part of the audit log: only events to 31 Jul 2026 (Europe/Vienna) since ${SINCE} until ${UNTIL}`,
    ],
    [
      "settings-changed",
      panel("jwt", { tokenSigningKey: { from: "b2", to: "a1" }, rolledBack: true }),
      `${OPS} rolled back to an earlier signing key; everyone stays logged in`,
    ],
    [
      "settings-changed",
      panel("jwt", { tokenIssuer: { from: "elsewhere", to: "gatehouse" }, rolledBack: true }),
      `${OPS} rolled back to an earlier issuer name; everyone stays logged in`,
    ],
    [
      "signing-key-retired",
      by(OPS, OPS, { fingerprint: "a1:b2", issuer: "gatehouse", sessions: 1, people: 1 }),
      `${OPS} retired an earlier entry of the key ring ahead of time (fingerprint a1:b2, issuer gatehouse): 1 session ended`,
    ],
    [
      "signing-key-retired",
      by(OPS, OPS, { fingerprint: "a1:b2", sessions: 0 }),
      `${OPS} retired an earlier entry of the key ring ahead of time (fingerprint a1:b2): no sessions ended`,
    ],
    [
      "sessions-ended",
      by(OPS, OPS, { reason: "key-retired", sessions: 41, people: 7 }),
      `${OPS} ended 41 sessions of 7 people: their key was retired`,
    ],
    [
      "secret-key-rotated",
      byOperator("host", { signingKeys: 2, mails: 4, passwords: 1 }),
      "Somebody on the host re-encrypted all stored secrets with a new SECRET_KEY",
    ],
  ])("%s %o", (kind, more, words) => {
    expect(sentence(facts(kind, more))).toBe(words);
  });

  it.each(auditKinds)("says something of %s, whatever its details lack", (kind) => {
    const words = sentence(facts(kind));
    expect(words).toMatch(/^[A-Z].{5,}/);
    expect(words).not.toMatch(/undefined|null|NaN|\[object/);
  });

  it.each(["moon-landed", "toString"])("names the kind %s, which only a newer version knows", (kind) => {
    expect(sentence(facts(kind, by(OPS, JANE)))).toBe(`${OPS}: ${kind}`);
  });

  const HIDING = "a\u202eb";
  it.each<[string, Partial<AuditFacts>]>([
    ["access-refused", by(OPS, JANE, { asked: HIDING })],
    ["login-failed", { address: HIDING, details: { reason: "throttled" } }],
    ["password-reset-requested", { address: HIDING, details: { reason: "throttled" } }],
    ["signing-key-shown", by(OPS, OPS, { fingerprint: HIDING })],
    ["signing-key-retired", by(OPS, OPS, { fingerprint: HIDING })],
    ["signing-key-retired", by(OPS, OPS, { fingerprint: "a1:b2", issuer: HIDING })],
    ...["person", "from", "to"].map((key): [string, Partial<AuditFacts>] => [
      "audit-exported",
      by(OPS, OPS, { filters: { [key]: HIDING } }),
    ]),
    ["audit-exported", by(OPS, OPS, { filters: { from: "2026-07-01", zone: HIDING } })],
    [HIDING, by(OPS, JANE)],
  ])("shows what is invisible in the text of %j %o", (kind, more) => {
    expect(sentence({ ...facts("logged-out", more), kind })).toContain("a\\u{202E}b");
  });

  it("keeps e-mail addresses and instants as separate parts", () => {
    expect(auditWords(facts("account-locked", of("<b>@x.org", { until: UNTIL }))).sentence).toEqual([
      { person: "<b>@x.org" },
      " was locked until ",
      { instant: UNTIL },
    ]);
  });
});

describe("auditActor", () => {
  it.each<[AuditKind, Partial<AuditFacts>, ReturnType<typeof auditActor>]>([
    ["settings-changed", by(OPS, OPS), { person: OPS }],
    ["account-unlocked", byOperator(JANE, { by: "administrator" }), "host"],
    ["account-unlocked", by("host", JANE, { by: "time" }), "gatehouse"],
    ["account-created", by("host", JANE), "gatehouse"],
    ["login-failed", of(JANE, { reason: "wrong-password" }), "anonymous"],
    ["login-failed", of(JANE, { reason: "password-expired" }), { person: JANE }],
    ["account-locked", of(JANE), "anonymous"],
    ["account-unlocked", of(JANE, { by: "owner" }), { person: JANE }],
    ["account-unlocked", of(JANE, { by: "reset" }), { person: JANE }],
    ["login-succeeded", of(JANE), { person: JANE }],
    ["login-succeeded", {}, "anonymous"],
  ])("%s %o", (kind, more, actor) => {
    expect(auditActor(facts(kind, more))).toEqual(actor);
  });
});

describe("ordinal", () => {
  it.each([
    [1, "1st"],
    [2, "2nd"],
    [3, "3rd"],
    [4, "4th"],
    [11, "11th"],
    [12, "12th"],
    [21, "21st"],
    [100, "100th"],
  ])("%d is %s", (n, words) => {
    expect(ordinal(n)).toBe(words);
  });
});
