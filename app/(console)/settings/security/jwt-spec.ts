import { z } from "zod/mini";
import { labelled } from "@/components/form/panel-spec";
import { type JwtSettings, jwtLabels, jwtSettingsSchema } from "@/lib/settings/jwt/schema";
import { signingKeySchema } from "@/lib/tokens/schema";

/** The JWT panel in its form for editing: a null key keeps the current one. */
export type JwtEntry = JwtSettings & { tokenSigningKey: string | null };

export const jwtEntrySchema = z.safeExtend(jwtSettingsSchema, {
  tokenSigningKey: z.nullable(signingKeySchema),
});

/** Describes the JWT panel's fields. */
export const jwtSpec = labelled(jwtLabels, {
  tokenIssuer: {
    kind: "text",
    help: "Included in every token to identify its issuer.",
    range: "1 to 255 characters",
  },
  tokenSigningKey: {
    kind: "text",
    help: "Proves that a token comes from Gatehouse.",
    range: "Base64 of 512 to 4,096 bits",
    isOptional: true,
  },
  tokenExpirationTime: {
    kind: "duration",
    help: "After this long a token must be renewed. Browsers do so silently; programs do it themselves.",
  },
  refreshTokenExpTime: {
    kind: "duration",
    help: "After this long without a renewal, a person must log in again.",
    bound: "greater than the token expiration time",
  },
});
