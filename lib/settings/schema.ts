import { z } from "zod";
import { effectiveMaximumLength, MAX_EMAIL_LENGTH, MAX_PASSWORD_LENGTH } from "@/lib/core/limits";

// zod compiles its parsers with `new Function` where it may; the console's content security policy forbids it.
z.config({ jitless: true });

/** The three panels of the security settings, in the order in which they are shown. */
export const panels = ["general", "password", "jwt"] as const;
export type SecurityPanel = (typeof panels)[number];

/** Every panel that is kept in versions; the mail panel has a page of its own. */
export const allPanels = [...panels, "mail"] as const;
export type Panel = (typeof allPanels)[number];

/** The widest that a duration in seconds may be: a signed 32-bit integer, as ThingsBoard's clients read it. */
export const MAX_SECONDS = 2_147_483_647;

const MAX_REPEATED = 24;

/** What was entered in place of a whole number, as an error repeats it. */
function notAs(input: unknown): string {
  if (typeof input === "number") return Number.isNaN(input) ? "" : `, not ${input}`;
  if (typeof input !== "string" || input === "") return "";
  const text = input.length > MAX_REPEATED ? `${input.slice(0, MAX_REPEATED)}…` : input;
  return `, not “${text}”`;
}

/** A whole number within bounds, whose one error names the field, the bounds and what was entered. */
const whole = (label: string, bound: { min: number; max: number; unit?: string }) => {
  const { min, max, unit } = bound;
  const error = (issue: { input?: unknown }) =>
    `${label} must be a whole number from ${min} to ${max}${unit ? ` ${unit}` : ""}${notAs(issue.input)}.`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

/** One e-mail address: ASCII, one mailbox, no display name. Its length is checked before the pattern runs. */
export const emailSchema = z
  .string({ error: "Enter one e-mail address." })
  .max(MAX_EMAIL_LENGTH, {
    error: `An e-mail address has at most ${MAX_EMAIL_LENGTH} characters.`,
    abort: true,
  })
  .pipe(z.email({ error: "Enter one e-mail address, like ops@example.org." }));

export const generalPolicySchema = z.object({
  /** Null or 0: accounts are never locked. */
  maxFailedLoginAttempts: whole("Maximum number of failed login attempts", { min: 0, max: 100 }).nullable(),
  userLockoutNotificationEmail: emailSchema.nullable(),
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

const characterClassMinimum = (label: string) => whole(label, { min: 0, max: MAX_PASSWORD_LENGTH });

const passwordPolicyFields = z.object({
  minimumLength: whole("Minimum password length", { min: 6, max: 50, unit: "characters" }),
  /** Null: as long as passwords may be at all. */
  maximumLength: whole("Maximum password length", {
    min: 7,
    max: MAX_PASSWORD_LENGTH,
    unit: "characters",
  }).nullable(),
  minimumUppercaseLetters: characterClassMinimum("Minimum number of uppercase letters"),
  minimumLowercaseLetters: characterClassMinimum("Minimum number of lowercase letters"),
  minimumDigits: characterClassMinimum("Minimum number of digits"),
  minimumSpecialCharacters: characterClassMinimum("Minimum number of special characters"),
  passwordExpirationPeriodDays: whole("Password expiration period", { min: 0, max: 3650, unit: "days" }),
  passwordReuseFrequencyDays: whole("Password reuse frequency", { min: 0, max: 3650, unit: "days" }),
  allowWhitespaces: z.boolean({ error: "Choose on or off." }),
  forceUserToResetPasswordIfNotValid: z.boolean({ error: "Choose on or off." }),
});
export type PasswordPolicy = z.infer<typeof passwordPolicyFields>;

const characterClasses = [
  ["minimumUppercaseLetters", "uppercase letters"],
  ["minimumLowercaseLetters", "lowercase letters"],
  ["minimumDigits", "digits"],
  ["minimumSpecialCharacters", "special characters"],
] as const;

export const passwordPolicySchema = passwordPolicyFields.superRefine((policy, context) => {
  const { minimumLength } = policy;
  const maximumLength = effectiveMaximumLength(policy);
  if (maximumLength <= minimumLength) {
    context.addIssue({
      code: "custom",
      path: ["maximumLength"],
      message: `Maximum password length must be greater than the minimum, ${minimumLength}.`,
    });
    return;
  }
  let sum = 0;
  for (const [key, noun] of characterClasses) {
    sum += policy[key];
    if (policy[key] > maximumLength) {
      context.addIssue({
        code: "custom",
        path: [key],
        message: `Minimum number of ${noun} must not exceed the maximum length, ${maximumLength}.`,
      });
      return;
    }
  }
  if (sum > maximumLength) {
    const largest = characterClasses.reduce((a, b) => (policy[b[0]] > policy[a[0]] ? b : a));
    context.addIssue({
      code: "custom",
      path: [largest[0]],
      message: `The four minimums add up to ${sum}, more than the maximum length, ${maximumLength}.`,
    });
  }
});

export const passwordPolicyDefaults: PasswordPolicy = {
  minimumLength: 12,
  maximumLength: 128,
  minimumUppercaseLetters: 0,
  minimumLowercaseLetters: 0,
  minimumDigits: 0,
  minimumSpecialCharacters: 0,
  passwordExpirationPeriodDays: 0,
  passwordReuseFrequencyDays: 0,
  allowWhitespaces: true,
  forceUserToResetPasswordIfNotValid: false,
};

const jwtSettingsFields = z.object({
  tokenIssuer: z
    .string({ error: "Enter an issuer name." })
    .max(255, { error: "Issuer name must have at most 255 characters." })
    .refine((text) => text.trim() !== "", { error: "Issuer name must not be blank." })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
    .refine((text) => !/[\u0000-\u001f\u007f]/.test(text) && text.isWellFormed(), {
      error: "Issuer name must not contain control characters.",
    }),
  tokenExpirationTime: whole("Token expiration time", { min: 60, max: MAX_SECONDS, unit: "seconds" }),
  refreshTokenExpTime: whole("Refresh token expiration time", {
    min: 900,
    max: MAX_SECONDS,
    unit: "seconds",
  }),
});
export type JwtSettings = z.infer<typeof jwtSettingsFields>;

export const jwtSettingsSchema = jwtSettingsFields.superRefine((settings, context) => {
  if (settings.refreshTokenExpTime <= settings.tokenExpirationTime) {
    context.addIssue({
      code: "custom",
      path: ["refreshTokenExpTime"],
      message: `Refresh token expiration time must be greater than the token expiration time, ${settings.tokenExpirationTime} seconds.`,
    });
  }
});

export const jwtSettingsDefaults: JwtSettings = {
  tokenIssuer: "gatehouse",
  tokenExpirationTime: 9_000,
  refreshTokenExpTime: 604_800,
};

export const tlsModes = ["starttls", "tls", "none"] as const;
/** How the way to the mail server is protected; STARTTLS is insisted on, not tried. */
export type TlsMode = (typeof tlsModes)[number];

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45})$/;

export const mailSettingsSchema = z.object({
  /** Null: there is no mail server, and mails wait. */
  host: z
    .string({ error: "Enter the server’s name." })
    .regex(HOST, {
      error: "Server must be a host name or an IP address, like smtp.example.org, without a port.",
    })
    .nullable(),
  port: whole("Port", { min: 1, max: 65_535 }),
  tls: z.enum(tlsModes, { error: "Choose how the connection is encrypted." }),
  /** Null: the server wants no login. */
  user: z
    .string({ error: "Enter a user name." })
    .max(255, { error: "User name must have at most 255 characters." })
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), {
      error: "User name must not contain control characters.",
    })
    .nullable(),
  /** Null: an address at the host of BASE_URL. */
  fromAddress: emailSchema.nullable(),
});
export type MailSettings = z.infer<typeof mailSettingsSchema>;

export const mailSettingsDefaults: MailSettings = {
  host: null,
  port: 587,
  tls: "starttls",
  user: null,
  fromAddress: null,
};

/** What each panel's values must be, as a whole. */
export const panelSchemas = {
  general: generalPolicySchema,
  password: passwordPolicySchema,
  jwt: jwtSettingsSchema,
  mail: mailSettingsSchema,
} as const;

/** Each field's own schema, without the rules that look at several. */
export const panelFields = {
  general: generalPolicySchema.shape,
  password: passwordPolicyFields.shape,
  jwt: jwtSettingsFields.shape,
  mail: mailSettingsSchema.shape,
} as const;

export type PanelValues = {
  general: GeneralPolicy;
  password: PasswordPolicy;
  jwt: JwtSettings;
  mail: MailSettings;
};

export const panelDefaults: PanelValues = {
  general: generalPolicyDefaults,
  password: passwordPolicyDefaults,
  jwt: jwtSettingsDefaults,
  mail: mailSettingsDefaults,
};

/** What a form sends: the panel's values, and the version that they were edited from. */
export const editOf = <Values extends z.ZodType>(values: Values) =>
  z.object({ version: z.int().min(0), values });

export const generalPolicyEditSchema = editOf(generalPolicySchema);
export const passwordPolicyEditSchema = editOf(passwordPolicySchema);
