import { countedInARow } from "@/lib/core/count/rules";
import { dayWords, timeWords } from "@/lib/core/utc-words";
import type { MailKind, MailValues } from "../schema";
import type { LetterContent, LetterFrame } from "./letter";
import { originFacts, spanWords } from "./words";

type Writer<K extends MailKind> = (values: MailValues[K], frame: LetterFrame) => LetterContent;

const NOT_YOU =
  "If this was not you, choose a new password at once with “Forgot your password?” on the login page, and tell your administrator.";

/** The login page, which asks whom the mail is for although another person may be logged in at the browser. */
const loginUrl = (baseUrl: string) => `${baseUrl}/login?notice=mailed-link`;

/**
 * Returns when a lock ends, as a fact and for a sentence. The mail may arrive after that, so it says nothing of now.
 * @param unlockers who can lift a lock that has no end
 */
function lockEnd(
  { lockedAt, lockedUntil }: { lockedAt: string; lockedUntil: string | null },
  unlockers: string,
): { fact: string; until: string } {
  if (!lockedUntil) return { fact: "Only when somebody unlocks it", until: `until ${unlockers} unlocks it` };
  const time = timeWords(lockedUntil);
  return {
    fact: `${time}, after ${spanWords(lockedAt, lockedUntil)}`,
    until: `until ${time}, unless somebody unlocks it sooner`,
  };
}

/** The content of each kind of mail. */
export const letters: { readonly [K in MailKind]: Writer<K> } = {
  activation: ({ name = "", activationUrl, expiresAt }) => ({
    subject: "Activate your account",
    preview: "Choose a password, and your account is ready.",
    greets: name,
    paragraphs: ["An account has been created for you. Choose a password to activate it."],
    action: {
      label: "Choose a password",
      url: activationUrl,
      note: `The link works once, until ${timeWords(expiresAt)}. After that, you can request a new one on its page.`,
    },
    closing: [
      "If you did not expect this message, you can ignore it: nobody can use the account without this link.",
    ],
  }),

  "account-activated": ({ name = "", activatedAt, ...origin }, { baseUrl }) => ({
    subject: "Your account is active",
    preview: "A password was chosen, and you can log in.",
    greets: name,
    paragraphs: ["A password was chosen for your account. You can now log in with it."],
    action: {
      label: "Log in",
      url: loginUrl(baseUrl),
      note: "Log in with your e-mail address.",
    },
    facts: [{ term: "Activated", value: timeWords(activatedAt) }, ...originFacts(origin)],
    closing: ["If this was not you, tell your administrator."],
  }),

  "password-reset": ({ name = "", resetUrl, expiresAt, address, userAgent }) => {
    const isOwn = address !== null;
    return {
      subject: "Choose a new password",
      preview: isOwn ? "Use this link to choose a new password." : "An administrator sent you this link.",
      greets: name,
      paragraphs: [
        isOwn
          ? "Somebody, probably you, asked to reset your password. Use this link to choose a new one."
          : "Your administrator has sent you a link to choose a new password.",
      ],
      action: {
        label: "Choose a new password",
        url: resetUrl,
        note: `The link works once, until ${timeWords(expiresAt)}. Until you use it, your password stays the same.`,
      },
      ...(isOwn && { facts: originFacts({ address, userAgent: userAgent ?? "" }) }),
      closing: [
        isOwn
          ? "If you did not ask for this, you can ignore this message: your password has not changed."
          : "If you did not expect this, ask your administrator first. Your password has not changed.",
      ],
    };
  },

  "password-reset-forced": ({ name = "", resetUrl, expiresAt }) => ({
    subject: "Your password must be reset",
    preview: "It no longer meets the password policy. Choose a new one to log in.",
    greets: name,
    paragraphs: [
      "You entered the right password, but the password policy has changed and it no longer meets it. Choose a new one, and log in with that.",
    ],
    action: {
      label: "Choose a new password",
      url: resetUrl,
      note: `The link works once, until ${timeWords(expiresAt)}. After that, logging in again sends you a new one.`,
    },
    closing: [
      "If this was not you, somebody knows your password: choose a new one with this link anyway, and tell your administrator.",
    ],
  }),

  "password-changed": ({ name = "", changedAt, endedAll = false, ...origin }) => {
    const loggedOut = `You were logged out everywhere${endedAll ? "" : " else"}.`;
    return {
      subject: "Your password was changed",
      preview: loggedOut,
      greets: name,
      paragraphs: [`The password of your account was changed. ${loggedOut}`],
      facts: [{ term: "Changed", value: timeWords(changedAt) }, ...originFacts(origin)],
      closing: [NOT_YOU],
    };
  },

  "email-changed": ({ name = "", oldEmail, newEmail, changedAt }) => ({
    subject: "Your e-mail address was changed",
    preview: `From now on, log in with ${newEmail}.`,
    greets: name,
    paragraphs: [
      "An administrator changed the e-mail address of your account. From now on, you log in with the new one and receive mail there. Your password has not changed. Links sent earlier no longer work.",
    ],
    facts: [
      { term: "Before", value: oldEmail },
      { term: "Now", value: newEmail },
      { term: "Changed", value: timeWords(changedAt) },
    ],
    closing: ["If you did not expect this, tell your administrator at once."],
  }),

  "password-expires-soon": ({ name = "", expiresAt, daysLeft }, { baseUrl }) => {
    // The days are rounded up: "tomorrow" could be today, and "in 2 days" tomorrow.
    const when = daysLeft === 1 ? "within a day" : `within ${daysLeft} days`;
    return {
      subject: `Your password expires ${when}`,
      preview: "Change it when it suits you, before you have to.",
      greets: name,
      paragraphs: [
        `Passwords here are valid for a limited time, and yours expires on ${dayWords(expiresAt)}. Change it when it suits you; otherwise you will be asked for a new one at your next login after that.`,
      ],
      action: {
        label: "Change your password",
        url: `${loginUrl(baseUrl)}&next=%2Faccount%2Fpassword`,
        note: "You will be asked to log in first.",
      },
      facts: [{ term: "Expires", value: timeWords(expiresAt) }],
    };
  },

  "account-locked": ({ email, attempts, lockedAt, lockedUntil, ...origin }, { baseUrl }) => {
    const end = lockEnd({ lockedAt, lockedUntil }, "an administrator or its owner");
    return {
      subject: `Account locked: ${email}`,
      preview: `${countedInARow(attempts, "wrong password")}, from ${origin.address}.`,
      title: "An account was locked",
      greets: null,
      paragraphs: [`${countedInARow(attempts, "wrong password")} locked the account ${email} ${end.until}.`],
      facts: [
        { term: "Account", value: email },
        { term: "Wrong passwords", value: String(attempts) },
        { term: "Locked", value: timeWords(lockedAt) },
        { term: "Unlocks", value: end.fact },
        ...originFacts(origin),
      ],
      action: {
        label: "Open the audit log",
        url: `${baseUrl}/audit?${new URLSearchParams({ person: email })}`,
        note: "It shows who tried what, and when. Only system administrators can open it.",
      },
      closing: ["A single lock is usually a forgotten password; many from one address suggest an attack."],
    };
  },

  "account-locked-owner": (values) => {
    const { name = "", attempts, lockedAt, lockedUntil, unlockUrl, linkExpiresAt, ...origin } = values;
    const end = lockEnd({ lockedAt, lockedUntil }, "you or an administrator");
    return {
      subject: "Your account was locked",
      preview: `${countedInARow(attempts, "wrong password")}. You can unlock it yourself.`,
      greets: name,
      paragraphs: [
        `Somebody entered ${countedInARow(attempts, "wrong password")} for your account. That locked it ${end.until}: while it is locked, logins are refused, even with the right password. Sessions that were open stayed open.`,
      ],
      action: {
        label: "Unlock my account",
        url: unlockUrl,
        note: linkExpiresAt
          ? `The link works once, until ${timeWords(linkExpiresAt)}.`
          : "The link works once, for a limited time.",
      },
      facts: [
        { term: "Wrong passwords", value: String(attempts) },
        { term: "Locked", value: timeWords(lockedAt) },
        { term: "Unlocks", value: end.fact },
        ...originFacts(origin),
      ],
      closing: [
        "If this was you, unlock the account and try again, or choose a new password with “Forgot your password?” on the login page. If it was not you, these attempts did not get in, and your password has not changed.",
      ],
    };
  },

  test: ({ requestedBy, requestedAt }, { baseUrl }) => ({
    subject: "Test mail from Gatehouse",
    preview: "It arrived: the mail server works.",
    title: "It arrived",
    greets: null,
    paragraphs: ["The mail server is set up correctly: what Gatehouse sends is delivered."],
    facts: [
      { term: "Sent by", value: requestedBy },
      { term: "Sent", value: timeWords(requestedAt) },
      { term: "Sent from", value: baseUrl },
    ],
  }),
};
