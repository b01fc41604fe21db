import { z } from "zod/mini";
import { isPlainText, isVisible } from "@/lib/core/plain-text/rules";
import { subjectOf, whenValid, whole } from "../fields/schema";

/** The largest duration in seconds: a signed 32-bit integer, as ThingsBoard's clients read it. */
export const MAX_SECONDS = 2_147_483_647;

/** The panel's title, wherever it is shown. */
export const jwtTitle = "JWT security";

/**
 * The labels of the panel's fields, wherever they are shown, in the panel's order. The signing key is a field, but its
 * value is not stored with the panel.
 */
export const jwtLabels = {
  tokenIssuer: "Issuer name",
  tokenSigningKey: "Signing key",
  tokenExpirationTime: "Token expiration time (sec)",
  refreshTokenExpTime: "Refresh token expiration time (sec)",
} as const;

export const jwtSettingsFields = z.object({
  tokenIssuer: z
    .string({ error: "Enter an issuer name." })
    .check(
      z.maxLength(255, { error: `${jwtLabels.tokenIssuer} must have at most 255 characters.` }),
      z.refine(isVisible, { error: `${jwtLabels.tokenIssuer} must not be blank.` }),
      z.refine(isPlainText, { error: `${jwtLabels.tokenIssuer} must not contain control characters.` }),
    ),
  tokenExpirationTime: whole(jwtLabels.tokenExpirationTime, { min: 60, max: MAX_SECONDS, unit: "seconds" }),
  refreshTokenExpTime: whole(jwtLabels.refreshTokenExpTime, {
    min: 900,
    max: MAX_SECONDS,
    unit: "seconds",
  }),
});
export type JwtSettings = z.infer<typeof jwtSettingsFields>;

const outlivesToken = z.superRefine<JwtSettings>(
  ({ refreshTokenExpTime, tokenExpirationTime }, context) => {
    if (refreshTokenExpTime > tokenExpirationTime) return;
    context.addIssue({
      code: "custom",
      path: ["refreshTokenExpTime"],
      message: `${subjectOf(jwtLabels.refreshTokenExpTime)} must be greater than the token expiration time, ${tokenExpirationTime.toLocaleString("en-US")} seconds; it is ${refreshTokenExpTime.toLocaleString("en-US")}.`,
    });
  },
  whenValid("tokenExpirationTime", "refreshTokenExpTime"),
);

export const jwtSettingsSchema = jwtSettingsFields.check(outlivesToken);

export const jwtSettingsDefaults: JwtSettings = {
  tokenIssuer: "gatehouse",
  tokenExpirationTime: 9_000,
  refreshTokenExpTime: 604_800,
};
