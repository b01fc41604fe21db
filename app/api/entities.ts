import { z } from "zod";
import { idSchema } from "@/lib/core/id/schema";
import { authorities } from "@/lib/users/schema";

/** ThingsBoard's way of writing an entity id. */
const entityIdOf = <Type extends string>(type: Type) =>
  z.object({ entityType: z.literal(type), id: idSchema });

export const tokenPairSchema = z
  .object({ token: z.string(), refreshToken: z.string() })
  .meta({ title: "TokenPair" });

/** A user as ThingsBoard's clients read one. Times are epoch milliseconds. */
export const userJsonSchema = z
  .object({
    id: entityIdOf("USER").meta({ description: "Which user it is." }),
    createdTime: z.int(),
    tenantId: entityIdOf("TENANT"),
    customerId: entityIdOf("CUSTOMER"),
    email: z.string(),
    authority: z.enum(authorities),
    firstName: z.string(),
    lastName: z.string(),
    phone: z.null(),
    name: z.string(),
    additionalInfo: z.object({
      userCredentialsEnabled: z.boolean(),
      userActivated: z.boolean(),
      lastLoginTs: z.int().nullable(),
      locked: z.boolean(),
    }),
  })
  .meta({ title: "User" });

/** A user as they are shown to themselves: what is known of the account beyond its person is for administrators. */
export const ownUserJsonSchema = userJsonSchema
  .extend({ additionalInfo: z.object({}).meta({ description: "Empty: it is told to administrators only." }) })
  .meta({ title: "OwnUser" });

/** Text as it comes; whether it is right is for a verb to say. Bounded, because everything is. */
export const anyText = z.string({ error: "Must be text." }).max(8_192, { error: "Must be shorter." });
