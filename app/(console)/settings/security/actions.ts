"use server";

import { z } from "zod";
import { jwtSettingsEditSchema, showKeySchema } from "@/lib/jwt-security/schema";
import { proposeSigningKey, showSigningKey, updateJwtSecurity } from "@/lib/jwt-security/service";
import { adminAction } from "@/lib/request/action";
import { generalPolicyEditSchema } from "@/lib/settings/general/schema";
import { passwordPolicyEditSchema } from "@/lib/settings/password/schema";
import { updateGeneralPolicy, updatePasswordPolicy } from "@/lib/settings/service";

export const saveGeneralPolicy = adminAction(generalPolicyEditSchema, updateGeneralPolicy);
export const savePasswordPolicy = adminAction(passwordPolicyEditSchema, updatePasswordPolicy);
export const saveJwtSettings = adminAction(jwtSettingsEditSchema, updateJwtSecurity);
export const generateKey = adminAction(z.undefined(), proposeSigningKey);
export const revealKey = adminAction(showKeySchema, showSigningKey);
