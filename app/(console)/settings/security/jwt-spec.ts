import type { PanelSpec } from "@/components/form/panel-spec";
import { type JwtSettings, jwtSettingsSchema } from "@/lib/settings/jwt/schema";
import { signingKeySchema } from "@/lib/tokens/schema";

/** The JWT panel as it is edited: a null key keeps the one in force. */
export type JwtEntry = JwtSettings & { tokenSigningKey: string | null };

export const jwtEntrySchema = jwtSettingsSchema.safeExtend({ tokenSigningKey: signingKeySchema.nullable() });

/** The JWT panel's fields in words. */
export const jwtSpec: PanelSpec<keyof JwtEntry> = {
  tokenIssuer: {
    kind: "text",
    label: "Issuer name",
    help: "Stands in every token, so that whoever checks one knows where it came from.",
    range: "1 to 255 characters",
  },
  tokenSigningKey: {
    kind: "text",
    label: "Signing key",
    help: "Proves that a token is Gatehouse’s own.",
    range: "Base64 of 512 to 4,096 bits",
    isOptional: true,
  },
  tokenExpirationTime: {
    kind: "duration",
    label: "Token expiration time (sec)",
    help: "How long a token is good before it must be renewed. Programs do that; the browser does it unseen.",
  },
  refreshTokenExpTime: {
    kind: "duration",
    label: "Refresh token expiration time (sec)",
    help: "Whoever is away for longer than this logs in again.",
  },
};
