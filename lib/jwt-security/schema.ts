import { z } from "zod";
import { idSchema } from "@/lib/core/id/schema";
import { editOf } from "@/lib/settings/fields/schema";
import { jwtSettingsSchema } from "@/lib/settings/jwt/schema";
import { signingKeySchema } from "@/lib/tokens/schema";

/** No password field that is only compared, never set, needs to take more than this. */
const proofSchema = z
  .string({ error: "Enter your password." })
  .min(1, { error: "Enter your password." })
  .max(2_048);

export const jwtSettingsEditSchema = editOf(jwtSettingsSchema).extend({
  /** The new signing key; null keeps the one in force. */
  key: signingKeySchema.nullable(),
  /** What becomes of the sessions when the key or the issuer changes; null until that is chosen. */
  mode: z.enum(["keep", "sign-out"]).nullable(),
  /** The administrator's password, when it was asked for. */
  password: proofSchema.nullable(),
});

export const showKeySchema = z.object({ password: proofSchema });

export const retireKeySchema = z.object({
  kid: idSchema,
  agreedSessions: z.int().min(0).nullable(),
  password: proofSchema.nullable(),
});

export const rollBackSchema = z.object({
  kid: idSchema,
  currentKid: idSchema,
  isConfirmed: z.boolean(),
  password: proofSchema.nullable(),
});
