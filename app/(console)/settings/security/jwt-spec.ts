import { labelled } from "@/components/form/panel-spec";
import { type JwtSettings, jwtLabels, jwtSettingsSchema } from "@/lib/settings/jwt/schema";
import { signingKeySchema } from "@/lib/tokens/schema";

/** The JWT panel in its form for editing: a null key keeps the current one. */
export type JwtEntry = JwtSettings & { tokenSigningKey: string | null };

export const jwtEntrySchema = jwtSettingsSchema.safeExtend({ tokenSigningKey: signingKeySchema.nullable() });

/** Describes the JWT panel's fields. */
export const jwtSpec = labelled(jwtLabels, {
  tokenIssuer: {
    kind: "text",
    help: "Stands in every token, so that whoever checks one knows where it came from.",
    range: "1 to 255 characters",
  },
  tokenSigningKey: {
    kind: "text",
    help: "Proves that a token is Gatehouse’s own.",
    range: "Base64 of 512 to 4,096 bits",
    isOptional: true,
  },
  tokenExpirationTime: {
    kind: "duration",
    help: "How long a token is good before it must be renewed. Programs do that; the browser does it unseen.",
  },
  refreshTokenExpTime: {
    kind: "duration",
    help: "Whoever is away for longer than this logs in again.",
    bound: "greater than the token expiration time",
  },
});
