import { z } from "zod/mini";
import { idSchema } from "@/lib/core/id/schema";
import { editOf } from "@/lib/settings/fields/schema";
import { jwtSettingsSchema } from "@/lib/settings/jwt/schema";
import { signingKeySchema } from "@/lib/tokens/schema";

/** A password to be compared. */
const proofSchema = z
  .string({ error: "Enter your password." })
  .check(z.minLength(1, { error: "Enter your password." }));

/** What happens to logged-in users when the key or the issuer changes: they stay logged in, or all are signed out. */
const rotationModes = ["keep", "sign-out"] as const;
export type RotationMode = (typeof rotationModes)[number];

export const jwtSettingsEditSchema = z.extend(editOf(jwtSettingsSchema), {
  /** The new signing key, Base64; null keeps the one in force. */
  key: z.nullable(signingKeySchema),
  /** Null until the administrator has chosen. */
  mode: z.nullable(z.enum(rotationModes)),
  /** The administrator's password, when it was asked for. */
  password: z.nullable(proofSchema),
});
export type JwtEdit = z.infer<typeof jwtSettingsEditSchema>;

export const showKeySchema = z.object({ password: proofSchema });

export const retireKeySchema = z.object({
  kid: idSchema,
  /** The number of sessions that the administrator was shown and has agreed to end; null before that. */
  agreedSessions: z.nullable(z.int().check(z.minimum(0))),
  password: z.nullable(proofSchema),
});
export type Retirement = z.infer<typeof retireKeySchema>;

export const rollBackSchema = z.object({
  /** The key that is to sign again. */
  kid: idSchema,
  /** The key that signed when the administrator looked. */
  currentKid: idSchema,
  /** Whether the administrator was shown what the roll-back does, and has agreed. */
  isConfirmed: z.boolean(),
  password: z.nullable(proofSchema),
});
export type RollBack = z.infer<typeof rollBackSchema>;
