import { z } from "zod";
import { addressOf, editOf, whole } from "../fields/schema";

export const generalPolicySchema = z.object({
  /** Null or 0: accounts are never locked. */
  maxFailedLoginAttempts: whole("Maximum number of failed login attempts", { min: 0, max: 100 }).nullable(),
  userLockoutNotificationEmail: addressOf("Notification on account lockout").nullable(),
  userActivationTokenTtl: whole("User activation link TTL", { min: 1, max: 24, unit: "hours" }),
  passwordResetTokenTtl: whole("Password reset link TTL", { min: 1, max: 24, unit: "hours" }),
  mobileSecretKeyLength: whole("Mobile secret key length", { min: 32, max: 256, unit: "characters" }),
  /** Null: a lock stays until an administrator or the owner lifts it. */
  lockoutDurationMinutes: whole("Unlock automatically after", {
    min: 1,
    max: 43_200,
    unit: "minutes",
  }).nullable(),
  notifyOwnerOnLockout: z.boolean({ error: "Choose on or off." }),
  /** Null or 0: no limit. */
  loginAttemptsPerAddressPerMinute: whole("Login attempts per network address and minute", {
    min: 0,
    max: 10_000,
  }).nullable(),
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

export const generalPolicyEditSchema = editOf(generalPolicySchema);
