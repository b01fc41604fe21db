import { readSecuritySettingsCall, saveSecuritySettingsCall } from "@/app/api/admin/contracts";
import { RestError } from "@/lib/request/rest-errors";
import { routes, serve } from "@/lib/request/route";
import {
  readSecuritySettings,
  type SecuritySettings,
  saveSecuritySettings,
} from "@/lib/settings/service/security-settings";

const toJson = ({ general, password, version }: SecuritySettings) => ({
  ...general,
  passwordPolicy: password,
  version,
});

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(readSecuritySettingsCall, async ({ actor }) => toJson(await readSecuritySettings(actor))),
  serve(saveSecuritySettingsCall, async ({ actor, body }) => {
    const { passwordPolicy: password, version, ...general } = body;
    const result = await saveSecuritySettings(actor, { general, password, version });
    if (result.ok) return toJson(result);
    if (result.code === "conflict") throw new RestError("conflict");
    throw new RestError("bad-request", { fieldErrors: result.fieldErrors });
  }),
);
