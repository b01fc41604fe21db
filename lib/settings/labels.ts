import type { Panel, PanelValues } from "./schema";

/** What the panels are called, everywhere. */
export const panelLabels: Record<Panel, string> = {
  general: "General policy",
  password: "Password policy",
  jwt: "JWT security",
  mail: "Mail server",
};

/** What each field is called, in the panel's order. The signing key and the mail server's password are fields of their panels, but no stored values of them. */
export const fieldLabels = {
  general: {
    maxFailedLoginAttempts: "Maximum number of failed login attempts",
    userLockoutNotificationEmail: "Notification on account lockout",
    userActivationTokenTtl: "User activation link TTL (hours)",
    passwordResetTokenTtl: "Password reset link TTL (hours)",
    mobileSecretKeyLength: "Mobile secret key length",
    lockoutDurationMinutes: "Unlock automatically after (minutes)",
    notifyOwnerOnLockout: "Tell the account's owner",
    loginAttemptsPerAddressPerMinute: "Login attempts per network address and minute",
  },
  password: {
    minimumLength: "Minimum password length",
    maximumLength: "Maximum password length",
    minimumUppercaseLetters: "Minimum number of uppercase letters",
    minimumLowercaseLetters: "Minimum number of lowercase letters",
    minimumDigits: "Minimum number of digits",
    minimumSpecialCharacters: "Minimum number of special characters",
    passwordExpirationPeriodDays: "Password expiration period in days",
    passwordReuseFrequencyDays: "Password reuse frequency in days",
    allowWhitespaces: "Allow whitespace",
    forceUserToResetPasswordIfNotValid: "Force to reset password if not valid",
  },
  jwt: {
    tokenIssuer: "Issuer name",
    tokenSigningKey: "Signing key",
    tokenExpirationTime: "Token expiration time (sec)",
    refreshTokenExpTime: "Refresh token expiration time (sec)",
  },
  mail: {
    host: "Server",
    port: "Port",
    tls: "Encryption",
    user: "User name",
    password: "Password",
    fromAddress: "From address",
  },
} as const satisfies {
  general: Record<keyof PanelValues["general"], string>;
  password: Record<keyof PanelValues["password"], string>;
  jwt: Record<keyof PanelValues["jwt"] | "tokenSigningKey", string>;
  mail: Record<keyof PanelValues["mail"] | "password", string>;
};
