import { countedInARow } from "@/lib/core/count/rules";
import type { MailKind, MailValues } from "../schema";
import type { LetterContent, LetterFrame } from "./letter";
import { dayWords, originFacts, spanWords, timeWords } from "./words";

type Writer<K extends MailKind> = (values: MailValues[K], frame: LetterFrame) => LetterContent;

const NOT_YOU = "If this was not you, choose a new password at once and tell your administrator.";

/** Returns when a lock ends, as a fact and for a sentence. */
function lockEnd({ lockedAt, lockedUntil }: { lockedAt: string; lockedUntil: string | null }) {
  if (!lockedUntil) return { fact: "Only when somebody unlocks it", isTimed: false as const };
  const span = spanWords(lockedAt, lockedUntil);
  return { fact: `${timeWords(lockedUntil)}, after ${span}`, isTimed: true as const, span };
}

/** The content of each kind of mail. */
export const letters: { readonly [K in MailKind]: Writer<K> } = {
  activation: ({ name = "", activationUrl, expiresAt }) => ({
    subject: "Activate your account",
    preview: "Choose a password, and your account is ready.",
    title: "Activate your account",
    greets: name,
    paragraphs: ["An account has been made for you. Choose a password, and it is ready to use."],
    action: {
      label: "Choose a password",
      url: activationUrl,
      note: `The link works once, until ${timeWords(expiresAt)}. After that, its page offers you a new one.`,
    },
    closing: [
      "If you did not expect this mail, there is nothing you need to do: without the link nobody gets in.",
    ],
  }),

  "account-activated": ({ name = "", activatedAt, ...origin }, { baseUrl }) => ({
    subject: "Your account is active",
    preview: "A password was chosen, and the account can be used.",
    title: "Your account is active",
    greets: name,
    paragraphs: ["A password was chosen for your account, and you can log in with it from now on."],
    action: { label: "Log in", url: `${baseUrl}/login`, note: "Log in with your e-mail address." },
    facts: [{ term: "Activated", value: timeWords(activatedAt) }, ...originFacts(origin)],
    closing: ["If this was not you, tell your administrator."],
  }),

  "password-reset": ({ name = "", resetUrl, expiresAt, address, userAgent }) => {
    const isOwn = address !== null;
    return {
      subject: "Choose a new password",
      preview: isOwn ? "You asked for a link to a new password." : "An administrator sent you this link.",
      title: "Choose a new password",
      greets: name,
      paragraphs: [
        isOwn
          ? "Somebody, probably you, said that the password of your account is forgotten. With this link you choose a new one."
          : "Your administrator has sent you a link with which you choose a new password.",
      ],
      action: {
        label: "Choose a new password",
        url: resetUrl,
        note: `The link works once, until ${timeWords(expiresAt)}. Until you use it, your password stays as it is.`,
      },
      ...(isOwn && { facts: originFacts({ address, userAgent: userAgent ?? "" }) }),
      closing: [
        "If you did not ask for this, there is nothing you need to do: your password has not changed.",
      ],
    };
  },

  "password-reset-forced": ({ name = "", resetUrl, expiresAt }) => ({
    subject: "Your password must be replaced",
    preview: "It no longer fits the rules. Choose a new one to log in.",
    title: "Your password must be replaced",
    greets: name,
    paragraphs: [
      "You logged in with the right password, but the rules for passwords have changed and it no longer fits them. Choose a new one, and log in with that.",
    ],
    action: {
      label: "Choose a new password",
      url: resetUrl,
      note: `The link works once, until ${timeWords(expiresAt)}. Logging in again sends you a new one.`,
    },
    closing: [
      "If it was not you who logged in, somebody knows your password: replace it with this link anyway, and tell your administrator.",
    ],
  }),

  "password-changed": ({ name = "", changedAt, ...origin }) => ({
    subject: "Your password was changed",
    preview: "And everywhere else you were logged out.",
    title: "Your password was changed",
    greets: name,
    paragraphs: [
      "The password of your account was changed. Wherever else you were logged in, you have been logged out.",
    ],
    facts: [{ term: "Changed", value: timeWords(changedAt) }, ...originFacts(origin)],
    closing: [NOT_YOU],
  }),

  "email-changed": ({ name = "", oldEmail, newEmail, changedAt }) => ({
    subject: "Your account has another e-mail address",
    preview: `You log in with ${newEmail} from now on.`,
    title: "Your account has another e-mail address",
    greets: name,
    paragraphs: [
      "An administrator has changed the e-mail address of your account. You log in with the new one from now on, and mails go there. Your password has not changed; links that were sent before no longer work.",
    ],
    facts: [
      { term: "Before", value: oldEmail },
      { term: "Now", value: newEmail },
      { term: "Changed", value: timeWords(changedAt) },
    ],
    closing: ["If you did not expect this, tell your administrator at once."],
  }),

  "password-expires-soon": ({ name = "", expiresAt, daysLeft }, { baseUrl }) => {
    const when = daysLeft === 1 ? "tomorrow" : `in ${daysLeft} days`;
    return {
      subject: `Your password expires ${when}`,
      preview: "Change it when it suits you, before you have to.",
      title: `Your password expires ${when}`,
      greets: name,
      paragraphs: [
        `Passwords here are good for a limited time, and yours ends on ${dayWords(expiresAt)}. Change it when it suits you; otherwise you are asked for a new one at your next login after that.`,
      ],
      action: {
        label: "Change your password",
        url: `${baseUrl}/account/password`,
        note: "You are asked to log in first.",
      },
      facts: [{ term: "Expires", value: timeWords(expiresAt) }],
    };
  },

  "account-locked": ({ email, attempts, lockedAt, lockedUntil, ...origin }, { baseUrl }) => {
    const end = lockEnd({ lockedAt, lockedUntil });
    return {
      subject: `Account locked: ${email}`,
      preview: `${countedInARow(attempts, "wrong password")}, from ${origin.address}.`,
      title: "An account was locked",
      greets: null,
      paragraphs: [
        `${countedInARow(attempts, "wrong password")} locked the account ${email}. ${
          end.isTimed
            ? "It opens again by itself; an administrator can unlock it sooner."
            : "It stays locked until an administrator or its owner unlocks it."
        }`,
      ],
      facts: [
        { term: "Account", value: email },
        { term: "Wrong passwords", value: String(attempts) },
        { term: "Locked", value: timeWords(lockedAt) },
        { term: "Opens again", value: end.fact },
        ...originFacts(origin),
      ],
      action: {
        label: "Look at the audit",
        url: `${baseUrl}/audit?${new URLSearchParams({ person: email })}`,
        note: "It tells who tried what, and when. You are asked to log in first.",
      },
      closing: ["One lock is mostly a forgotten password; many from one address are an attack."],
    };
  },

  "account-locked-owner": (values) => {
    const { name = "", attempts, lockedAt, lockedUntil, unlockUrl, ...origin } = values;
    const end = lockEnd({ lockedAt, lockedUntil });
    return {
      subject: "Your account was locked",
      preview: `${countedInARow(attempts, "wrong password")}. You can unlock it yourself.`,
      title: "Your account was locked",
      greets: name,
      paragraphs: [
        `Somebody entered ${countedInARow(attempts, "wrong password")} for your account, so it takes no password for now, not even the right one. ${
          end.isTimed
            ? `It opens again by itself after ${end.span}.`
            : "It stays locked until it is unlocked."
        } Where you are logged in already, you stay so.`,
      ],
      action: {
        label: "Unlock my account",
        url: unlockUrl,
        note: lockedUntil
          ? `The link works once, until ${timeWords(lockedUntil)}.`
          : "The link works once, for 24 hours.",
      },
      facts: [
        { term: "Wrong passwords", value: String(attempts) },
        { term: "Locked", value: timeWords(lockedAt) },
        { term: "Opens again", value: end.fact },
        ...originFacts(origin),
      ],
      closing: [
        "If it was you, unlock it and try again, or choose a new password with “Forgot your password?” at the login. If it was not you, nobody has got in: your password is as safe as it was.",
      ],
    };
  },

  test: ({ requestedBy, requestedAt }, { baseUrl }) => ({
    subject: "Test mail from Gatehouse",
    preview: "It arrived: the mail server works.",
    title: "It arrived",
    greets: null,
    paragraphs: ["The mail server is set up right: what Gatehouse sends reaches its readers."],
    facts: [
      { term: "Sent by", value: requestedBy },
      { term: "Sent", value: timeWords(requestedAt) },
      { term: "From", value: baseUrl },
    ],
  }),
};
