import { outboxAddress } from "@/app/(console)/mail/outbox-address";
import { usersAddress } from "@/app/(console)/users/users-address";
import { counted, countedUpToLimit, limitedCountText } from "@/lib/core/count/rules";
import type { Attention } from "@/lib/overview/rules";
import { fieldLabels, panelLabels } from "@/lib/settings/labels";
import { describeDamage } from "@/lib/settings/rules";
import type { Panel } from "@/lib/settings/schema";

type AttentionWords = {
  /** "danger": something does not work. "warning": something may be wrong. "info": something is unfinished. */
  tone: "danger" | "warning" | "info";
  /** A sentence; with `at`, it ends with that time. */
  text: string;
  at?: Date;
  /** The one next step. */
  step: string;
  href: string;
};

const panelAddress = (panel: Panel) => (panel === "mail" ? "/settings/mail" : `/settings/security#${panel}`);

/** Names up to three fields of a panel, or else says how many they are. */
function fieldsText(panel: Panel, fields: string[]): string {
  const labels: Readonly<Record<string, string>> = fieldLabels[panel];
  if (fields.length > 3) return counted(fields.length, "setting");
  return fields.map((field) => `“${labels[field] ?? field}”`).join(", ");
}

/** Says that earlier keys or issuers are accepted, and how many sessions depend on it. */
function keysText({ keys, sessions, onlyIssuers }: Attention & { code: "old-keys-accepted" }): string {
  const noun = onlyIssuers ? "issuer name" : "signing key";
  const accepted =
    keys === 1 ? `The earlier ${noun} is still accepted` : `${keys} earlier ${noun}s are still accepted`;
  return sessions === 0
    ? `${accepted}, but no live session needs ${keys === 1 ? "it" : "them"}.`
    : `${accepted}, for ${countedUpToLimit(sessions, "live session")}.`;
}

/** Says how many of the invited people have no link that works. */
function invitationsText({ expired, invited }: Attention & { code: "invitations-expired" }): string {
  const who =
    expired === invited
      ? countedUpToLimit(expired, "invited person", "invited people")
      : `${limitedCountText(expired)} of ${countedUpToLimit(invited, "invited person", "invited people")}`;
  return `${who} ${expired === 1 ? "has" : "have"} no activation link that works.`;
}

/** Says what needs attention, and what to do about it. */
export function attentionWords(item: Attention): AttentionWords {
  switch (item.code) {
    case "settings-damaged":
      return {
        tone: "danger",
        text: `Stored values of “${panelLabels[item.panel]}” are damaged: ${describeDamage(item.fields, (fields) => fieldsText(item.panel, fields))}.`,
        step: `Check ${panelLabels[item.panel]}`,
        href: panelAddress(item.panel),
      };
    case "resets-not-mailed":
      return {
        tone: "danger",
        text: "Anyone whose password breaks the rules needs a reset link, which cannot be mailed: they cannot log in until somebody gives them a copied one.",
        step: "Review the password policy",
        href: "/settings/security#forceUserToResetPasswordIfNotValid",
      };
    case "accounts-locked":
      return {
        tone: "warning",
        text: `${countedUpToLimit(item.accounts, "account")} ${item.accounts === 1 ? "is" : "are"} locked after too many wrong passwords.`,
        step: item.accounts === 1 ? "Show the account" : "Show locked accounts",
        href: usersAddress({ state: "locked" }),
      };
    case "no-mail-server":
      return {
        tone: "warning",
        text:
          item.waiting === 0
            ? "No mail server is set up, so no mail can be sent."
            : `No mail server is set up: ${countedUpToLimit(item.waiting, "message")} ${item.waiting === 1 ? "waits" : "wait"} in the outbox.`,
        step: "Set up a mail server",
        href: "/settings/mail",
      };
    case "mails-retried":
      return {
        tone: "warning",
        text: `${countedUpToLimit(item.mails, "message")} could not be delivered yet. Gatehouse keeps trying.`,
        step: "Show queued messages",
        href: outboxAddress({ state: "QUEUED" }),
      };
    case "mails-failed":
      return {
        tone: "warning",
        text: `${countedUpToLimit(item.mails, "message")} could not be delivered, and can be sent again by hand.`,
        step: "Show failed messages",
        href: outboxAddress({ state: "FAILED" }),
      };
    case "never-locks":
      return {
        tone: "warning",
        text: "Wrong passwords never lock an account, so that anyone can go on guessing.",
        step: "Set a number of attempts",
        href: "/settings/security#maxFailedLoginAttempts",
      };
    case "no-address-limit":
      return {
        tone: "warning",
        text: "One network address can try any number of logins.",
        step: "Set a limit per address",
        href: "/settings/security#loginAttemptsPerAddressPerMinute",
      };
    case "only-administrator":
      return {
        tone: "info",
        text: "You are the only administrator who can log in. If you lose your password and cannot be mailed a reset link, only somebody with access to the server can help.",
        step: "Invite another administrator",
        href: "/users/new",
      };
    case "old-keys-accepted":
      return {
        tone: "info",
        text: `${keysText(item)} ${item.keys === 1 ? "It" : "The last one"} retires on`,
        at: item.until,
        step: "Open the key ring",
        href: "/settings/security#key-ring",
      };
    case "invitations-expired":
      return {
        tone: "info",
        text: invitationsText(item),
        step: item.expired === 1 ? "Show the account" : "Show these people",
        href: usersAddress({ state: "invited-without-link" }),
      };
  }
}
