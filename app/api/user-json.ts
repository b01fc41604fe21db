import type { z } from "zod";
import type { userJsonSchema } from "@/app/api/entities";
import { NULL_ID } from "@/lib/tokens/jwt";
import type { UserRow } from "@/lib/users/schema";

/** An account in ThingsBoard's words. */
export function userJson(user: UserRow): z.input<typeof userJsonSchema> {
  const { id, email, authority, firstName, lastName, state, createdAt, lastLoginAt } = user;
  return {
    id: { entityType: "USER", id },
    createdTime: createdAt.getTime(),
    tenantId: { entityType: "TENANT", id: NULL_ID },
    customerId: { entityType: "CUSTOMER", id: NULL_ID },
    ...{ email, authority, firstName, lastName, phone: null, name: email },
    additionalInfo: {
      userCredentialsEnabled: state === "active" || state === "locked",
      userActivated: state !== "invited",
      lastLoginTs: lastLoginAt?.getTime() ?? null,
      locked: state === "locked",
    },
  };
}
