import { labelled } from "@/components/form/panel-spec";
import { durationText } from "@/lib/core/durations/rules";
import { generalLabels } from "@/lib/settings/general/schema";

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
    help: "This mailbox is notified of every lock.",
    range: "One e-mail address, or empty",
    inputMode: "email",
    isOptional: true,
    emptyNote: "No mailbox is notified",
  },
  userActivationTokenTtl: {
    kind: "number",
    help: "A new person has this long to open the link and choose a password.",
    unit: "hours",
  },
  passwordResetTokenTtl: {
    kind: "number",
    help: "A reset link works for this long.",
    unit: "hours",
  },
  mobileSecretKeyLength: {
    kind: "number",
    help: "A mobile app logs in with a secret of this length: once, within two minutes.",
    unit: "characters",
  },
  lockoutDurationMinutes: {
    kind: "number",
    help: "A locked account unlocks automatically after this long.",
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
    help: "When an account is locked, its owner is mailed a link that unlocks it.",
  },
  loginAttemptsPerAddressPerMinute: {
    kind: "number",
    help: "Further attempts from that address must wait, whichever account they are for.",
    unit: "per minute",
    off: { when: "empty-or-zero", note: "No limit", help: "empty or 0 means no limit" },
  },
});
