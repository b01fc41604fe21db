"use server";

import { z } from "zod";
import {
  jwtSettingsEditSchema,
  retireKeySchema,
  rollBackSchema,
  showKeySchema,
} from "@/lib/jwt-security/schema";
import { retireSigningKey } from "@/lib/jwt-security/service/retire-key";
import { rollBackSigningKey } from "@/lib/jwt-security/service/roll-back";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { proposeSigningKey, showSigningKey } from "@/lib/jwt-security/service/signing-key";
import { adminAction } from "@/lib/request/action";
import { generalPolicyEditSchema } from "@/lib/settings/general/schema";
import { passwordPolicyEditSchema } from "@/lib/settings/password/schema";
import { updateGeneralPolicy, updatePasswordPolicy } from "@/lib/settings/service";

export const saveGeneralPolicy = adminAction(
  "saveGeneralPolicy",
  generalPolicyEditSchema,
  updateGeneralPolicy,
);
export const savePasswordPolicy = adminAction(
  "savePasswordPolicy",
  passwordPolicyEditSchema,
  updatePasswordPolicy,
);
export const saveJwtSettings = adminAction("saveJwtSettings", jwtSettingsEditSchema, updateJwtSecurity);
export const generateKey = adminAction("generateKey", z.undefined(), proposeSigningKey);
export const revealKey = adminAction("revealKey", showKeySchema, showSigningKey);
export const retireKey = adminAction("retireKey", retireKeySchema, retireSigningKey);
export const rollBackKey = adminAction("rollBackKey", rollBackSchema, rollBackSigningKey);
