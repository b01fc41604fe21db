import { labelled } from "@/components/form/panel-spec";
import { generalLabels } from "@/lib/settings/general/schema";
import { durationText } from "@/lib/settings/rules";

/** Describes the general policy's fields. */
export const generalSpec = labelled(generalLabels, {
  maxFailedLoginAttempts: {
    kind: "number",
    help: "This many wrong passwords in a row lock the account.",
    unit: "attempts",
    off: { when: "empty-or-zero", note: "Never locks", help: "empty or 0 never locks" },
  },
  userLockoutNotificationEmail: {
    kind: "text",
    help: "Whoever reads this mailbox hears of every lock.",
    range: "One e-mail address, or empty",
    inputMode: "email",
    isOptional: true,
    emptyNote: "No mailbox is told",
  },
  userActivationTokenTtl: {
    kind: "number",
    help: "A new person has this long to open the link and choose a password.",
    unit: "hours",
  },
  passwordResetTokenTtl: {
    kind: "number",
    help: "A mailed reset link works this long.",
    unit: "hours",
  },
  mobileSecretKeyLength: {
    kind: "number",
    help: "A person’s mobile app logs in with a secret this long: once, within two minutes.",
    unit: "characters",
  },
  lockoutDurationMinutes: {
    kind: "number",
    help: "A locked account opens again by itself.",
    unit: "minutes",
    off: {
      when: "empty",
      note: "Only an administrator or the owner unlocks",
      help: "empty leaves unlocking to an administrator or the owner",
    },
    note: (minutes) => (minutes < 60 ? "" : `= ${durationText(minutes * 60)}`),
  },
  notifyOwnerOnLockout: {
    kind: "switch",
    help: "The owner is mailed when the account is locked, with a link that unlocks it.",
  },
  loginAttemptsPerAddressPerMinute: {
    kind: "number",
    help: "Further attempts from that address wait, whichever account they are for.",
    unit: "a minute",
    off: { when: "empty-or-zero", note: "No limit", help: "empty or 0 is no limit" },
  },
});
