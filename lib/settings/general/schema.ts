import { z } from "zod/mini";
import { addressOf, editOf, onOrOff, whole } from "../fields/schema";

/** The panel's title, wherever it is shown. */
export const generalTitle = "General policy";

/** The labels of the panel's fields, wherever they are shown, in the panel's order. */
export const generalLabels = {
  maxFailedLoginAttempts: "Maximum number of failed login attempts",
  userLockoutNotificationEmail: "Notification on account lockout",
  userActivationTokenTtl: "User activation link TTL (hours)",
  passwordResetTokenTtl: "Password reset link TTL (hours)",
  mobileSecretKeyLength: "Mobile secret key length",
  lockoutDurationMinutes: "Unlock automatically after (minutes)",
  notifyOwnerOnLockout: "Tell the account’s owner",
  loginAttemptsPerAddressPerMinute: "Login attempts per network address and minute",
} as const;

export const generalPolicySchema = z.object({
  /** Null or 0: accounts are never locked. */
  maxFailedLoginAttempts: z.nullable(whole(generalLabels.maxFailedLoginAttempts, { min: 0, max: 100 })),
  userLockoutNotificationEmail: z.nullable(addressOf(generalLabels.userLockoutNotificationEmail)),
  userActivationTokenTtl: whole(generalLabels.userActivationTokenTtl, { min: 1, max: 24, unit: "hours" }),
  passwordResetTokenTtl: whole(generalLabels.passwordResetTokenTtl, { min: 1, max: 24, unit: "hours" }),
  mobileSecretKeyLength: whole(generalLabels.mobileSecretKeyLength, {
    min: 32,
    max: 256,
    unit: "characters",
  }),
  /** Null: a lock stays until an administrator or the owner lifts it. */
  lockoutDurationMinutes: z.nullable(
    whole(generalLabels.lockoutDurationMinutes, { min: 1, max: 43_200, unit: "minutes" }),
  ),
  notifyOwnerOnLockout: onOrOff(generalLabels.notifyOwnerOnLockout),
  /** Null or 0: no limit. */
  loginAttemptsPerAddressPerMinute: z.nullable(
    whole(generalLabels.loginAttemptsPerAddressPerMinute, { min: 0, max: 10_000 }),
  ),
});
export type GeneralPolicy = z.infer<typeof generalPolicySchema>;

export const generalPolicyDefaults: GeneralPolicy = {
  maxFailedLoginAttempts: 5,
  userLockoutNotificationEmail: null,
  userActivationTokenTtl: 24,
  passwordResetTokenTtl: 24,
  mobileSecretKeyLength: 64,
  lockoutDurationMinutes: 30,
  notifyOwnerOnLockout: true,
  loginAttemptsPerAddressPerMinute: 60,
};

/** How long the last administrator's account is locked where locks have no end: nobody else could lift that one. */
export const LAST_ADMINISTRATOR_LOCK_MINUTES = 30;

export const generalPolicyEditSchema = editOf(generalPolicySchema);
