import * as admin from "@/app/api/admin/contracts";
import * as auth from "@/app/api/auth/contracts";
import * as mobile from "@/app/api/mobile/contracts";
import * as noauth from "@/app/api/noauth/contracts";
import { openApiCall } from "@/app/api/openapi.json/contracts";
import * as system from "@/app/api/system/contracts";
import * as user from "@/app/api/user/contracts";
import type { Contract } from "@/lib/request/contract";

/** Every REST call; a test fails for a route that is missing here. */
export const contracts: Contract[] = [admin, auth, mobile, noauth, system, user, { openApiCall }]
  .flatMap((area) => Object.values(area))
  .filter((value): value is Contract => "path" in value && "access" in value);
