import type { z } from "zod";
import type { ownUserJsonSchema, userJsonSchema } from "@/app/api/entities";
import type { BearerAccount } from "@/lib/sessions/service/bearer";
import { NULL_ID } from "@/lib/tokens/jwt";
import type { UserRow } from "@/lib/users/schema";

function entityJson(
  id: string,
  { email, authority, firstName, lastName, createdAt }: Omit<BearerAccount, "userId">,
) {
  return {
    id: { entityType: "USER" as const, id },
    createdTime: createdAt.getTime(),
    tenantId: { entityType: "TENANT" as const, id: NULL_ID },
    customerId: { entityType: "CUSTOMER" as const, id: NULL_ID },
    ...{ email, authority, firstName, lastName, phone: null, name: email },
  };
}

/** Returns an account in ThingsBoard's format. */
export function userJson(user: UserRow): z.input<typeof userJsonSchema> {
  const { state, lastLoginAt } = user;
  return {
    ...entityJson(user.id, user),
    additionalInfo: {
      userCredentialsEnabled: state === "active" || state === "locked",
      userActivated: state !== "invited",
      lastLoginTs: lastLoginAt?.getTime() ?? null,
      locked: state === "locked",
    },
  };
}

/**
 * Returns the caller's own account in ThingsBoard's format, as it was when the caller's token was checked just before.
 */
export function ownUserJson(account: BearerAccount): z.input<typeof ownUserJsonSchema> {
  return { ...entityJson(account.userId, account), additionalInfo: {} };
}
