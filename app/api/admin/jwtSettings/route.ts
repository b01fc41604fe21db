import { readJwtSettingsCall, saveJwtSettingsCall } from "@/app/api/admin/contracts";
import { jwtSettingsError } from "@/app/api/admin/jwt-settings-error";
import { readJwtSettings, replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(readJwtSettingsCall, async ({ actor }) => ({
    ...(await readJwtSettings(actor)),
    tokenSigningKey: null,
  })),
  serve(saveJwtSettingsCall, async ({ actor, body }) => {
    const { tokenSigningKey, keepOldKey = false, currentPassword, version, ...values } = body;
    const key = tokenSigningKey ?? null;
    const password = currentPassword ?? null;
    const result = await replaceJwtSettings(actor, { values, key, keepOldKey, password, version });
    if (!result.ok) throw jwtSettingsError(result);
    return result;
  }),
);
