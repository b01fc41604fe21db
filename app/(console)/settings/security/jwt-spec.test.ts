import { expect, test } from "vitest";
import { boundsOf } from "@/components/form/bounds";
import { helpText } from "@/components/form/panel-spec";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { jwtEntrySchema, jwtSpec } from "./jwt-spec";

test.each([
  ["tokenExpirationTime", "60 to 2,147,483,647 seconds. Default 9,000."],
  [
    "refreshTokenExpTime",
    "900 to 2,147,483,647 seconds, greater than the token expiration time. Default 604,800.",
  ],
] as const)("the help of %s tells all that it must be", (field, accepted) => {
  const help = helpText(jwtSpec[field], boundsOf(jwtEntrySchema.shape[field]), jwtSettingsDefaults[field]);
  expect(help.replaceAll("\u00a0", " ")).toContain(` ${accepted}`);
});
