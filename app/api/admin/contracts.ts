import { z } from "zod";
import { anyText, tokenPairSchema } from "@/app/api/entities";
import { passwordPolicyJsonSchema } from "@/app/api/noauth/contracts";
import { contract } from "@/lib/request/contract";
import { generalPolicySchema } from "@/lib/settings/general/schema";
import { panelFields } from "@/lib/settings/schema";

const version = z.int({ error: "version must be a whole number.", abort: true }).min(0);
const general = generalPolicySchema.shape;
const policy = panelFields.password;
const securitySettings = z
  .object({ passwordPolicy: passwordPolicyJsonSchema, ...general, version })
  .meta({ title: "SecuritySettings" });

/** ThingsBoard's null corresponds to 0 here: the rule is off. */
const orOff = (count: typeof policy.minimumDigits) =>
  z
    .nullable(count)
    .transform((value) => value ?? 0)
    .optional();

/** Java clients send null for fields they do not set; the setting then stays as it is. */
const orAsItIs = <S extends z.core.SomeType>(setting: S) =>
  z.nullish(setting).transform((value) => value ?? undefined);

/** An empty string means no address, as ThingsBoard's forms send it. */
const addressOrNone = z
  .preprocess((value) => (value === "" ? null : value), general.userLockoutNotificationEmail)
  .optional();

/** A field that is optional in ThingsBoard, or unknown to it, may be absent; the setting then stays as it is. */
const securitySettingsInput = z.object({
  passwordPolicy: z.object(
    {
      minimumLength: policy.minimumLength,
      maximumLength: z.optional(policy.maximumLength),
      minimumUppercaseLetters: orOff(policy.minimumUppercaseLetters),
      minimumLowercaseLetters: orOff(policy.minimumLowercaseLetters),
      minimumDigits: orOff(policy.minimumDigits),
      minimumSpecialCharacters: orOff(policy.minimumSpecialCharacters),
      passwordExpirationPeriodDays: orOff(policy.passwordExpirationPeriodDays),
      passwordReuseFrequencyDays: orOff(policy.passwordReuseFrequencyDays),
      allowWhitespaces: orAsItIs(policy.allowWhitespaces),
      forceUserToResetPasswordIfNotValid: orAsItIs(policy.forceUserToResetPasswordIfNotValid),
    },
    { error: "Password policy must be an object." },
  ),
  ...z.object(general).partial().shape,
  userLockoutNotificationEmail: addressOrNone,
  mobileSecretKeyLength: orAsItIs(general.mobileSecretKeyLength),
  userActivationTokenTtl: general.userActivationTokenTtl,
  passwordResetTokenTtl: general.passwordResetTokenTtl,
  version: version.optional(),
});

export const readSecuritySettingsCall = contract({
  method: "GET",
  path: "/api/admin/securitySettings",
  summary: "The general policy and the password policy.",
  access: "administrator",
  answer: securitySettings,
});

export const saveSecuritySettingsCall = contract({
  method: "POST",
  path: "/api/admin/securitySettings",
  summary:
    "Save the general policy and the password policy, both or neither; with a version, only if it is still current. Optional fields that are absent keep their values. Null means 0 for the password policy's minimums of each kind of character and its days, and keeps the value of its two switches and of mobileSecretKeyLength.",
  warning: "Changes take effect for everyone at once.",
  access: "administrator",
  body: securitySettingsInput,
  answer: securitySettings,
  errors: ["conflict"],
});

export const readJwtSettingsCall = contract({
  method: "GET",
  path: "/api/admin/jwtSettings",
  summary: "The JWT settings, with the fingerprint of the signing key.",
  access: "administrator",
  answer: z
    .object({
      ...panelFields.jwt,
      tokenSigningKey: z.null().meta({ description: "Always null: only the console ever shows the key." }),
      keyFingerprint: z.string(),
      version,
    })
    .meta({ title: "JwtSettings" }),
});

export const saveJwtSettingsCall = contract({
  method: "POST",
  path: "/api/admin/jwtSettings",
  summary:
    "Save the JWT settings. Another key or issuer signs everyone out, unless the old key is kept; it requires a login within the last five minutes, or currentPassword. The tokens in the response always work; earlier ones stop working if everyone is signed out.",
  warning: "Changes take effect for everyone at once; another key or issuer may sign everyone out.",
  access: "administrator",
  body: z.object({
    ...panelFields.jwt,
    tokenSigningKey: anyText.nullish().meta({
      description:
        "The key to sign with from now on, Base64 of 64 to 512 bytes. Null or absent: the key does not change.",
    }),
    keepOldKey: z.boolean({ error: "keepOldKey must be true or false." }).optional(),
    currentPassword: anyText.nullish().meta({
      description:
        "Your password, required to change the key or issuer if your login is older than five minutes.",
      examples: [null],
    }),
    version: version.optional(),
  }),
  answer: tokenPairSchema,
  errors: ["conflict", "too-many-requests"],
});
