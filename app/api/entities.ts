import { z } from "zod";
import { counted } from "@/lib/core/count/rules";
import { idSchema } from "@/lib/core/id/schema";
import { authorities } from "@/lib/users/schema";

/** An entity id in ThingsBoard's format. */
const entityIdOf = <Type extends string>(type: Type) =>
  z.object({ entityType: z.literal(type), id: idSchema });

export const tokenPairSchema = z
  .object({ token: z.string(), refreshToken: z.string() })
  .meta({ title: "TokenPair" });

/** A user in the format of ThingsBoard's clients. Times are epoch milliseconds. */
export const userJsonSchema = z
  .object({
    id: entityIdOf("USER").meta({ description: "Identifies the user." }),
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

/** A user as shown to themselves; the account's state is for administrators only. */
export const ownUserJsonSchema = userJsonSchema
  .extend({
    additionalInfo: z.object({}).meta({ description: "Empty: only administrators see its fields." }),
  })
  .meta({ title: "OwnUser" });

const MAX_TEXT_LENGTH = 8_192;

/** Returns a message that begins with the name of the field in which the error is. */
export const ofField =
  (message: string) =>
  ({ path = [] }: { path?: readonly PropertyKey[] | undefined }) =>
    `${String(path.at(-1) ?? "This")} ${message}`;

/** Any text; a service function decides whether it is valid. The length is bounded, as for all input. */
export const anyText = z
  .string({ error: ofField("must be text.") })
  .max(MAX_TEXT_LENGTH, { error: ofField(`must have at most ${counted(MAX_TEXT_LENGTH, "character")}.`) });
