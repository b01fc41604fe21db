import { z } from "zod";
import { ofField, userJsonSchema } from "@/app/api/entities";
import { emailSchema } from "@/lib/core/email/schema";
import { MAX_PERSON_SEARCH_LENGTH } from "@/lib/core/person-search/rules";
import { isPlainText } from "@/lib/core/plain-text/rules";
import { contract } from "@/lib/request/contract";
import { newUserSchema, userSortProperties } from "@/lib/users/schema";

const byId = z.object({
  id: z.guid({ error: "This is not a user id." }).meta({ description: "The user's id." }),
});
/** In any case: some clients send their language's own `True`. */
const isTrue = z
  .string({ error: ofField("must be true or false.") })
  .toLowerCase()
  .pipe(z.enum(["true", "false"], { error: ofField("must be true or false.") }))
  .transform((text) => text === "true")
  .meta({ type: "boolean" });
const { email, authority, firstName, lastName } = newUserSchema.shape;
const nameOrNone = (name: typeof firstName) => z.nullish(name).transform((text) => text ?? "");

export const createUserCall = contract({
  method: "POST",
  path: "/api/user",
  summary: "Invite a user: create an account, and mail a link for choosing its password, unless told not to.",
  access: "administrator",
  query: z.object({ sendActivationMail: isTrue.default(true) }),
  body: z.object({
    /** ThingsBoard updates the user with this id; here, sending one must not create a second user by mistake. */
    id: z
      .null({ error: "This call does not change existing accounts." })
      .optional()
      .meta({ description: "Absent or null: this call does not change existing accounts." }),
    email,
    authority,
    firstName: nameOrNone(firstName),
    lastName: nameOrNone(lastName),
  }),
  answer: userJsonSchema,
});

const MAX_PAGE_SIZE = 1_000;
/** The largest page number in ThingsBoard's clients: a 32-bit signed integer. */
const MAX_PAGE = 2_147_483_647;

/** A whole number in a query string. */
const count = (label: string, { min, max }: { min: number; max: number }) => {
  const error = `${label} must be a whole number from ${min} to ${max}.`;
  return z
    .string({ error })
    .regex(/^\d{1,10}$/, { error, abort: true })
    .transform(Number)
    .pipe(z.int().min(min, { error }).max(max, { error }))
    .meta({ type: "integer", minimum: min, maximum: max });
};

/** Treats an empty value as absent, as ThingsBoard does for its sort parameters. */
const emptyIsNone = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema);

const pageQuery = z.object({
  pageSize: count("pageSize", { min: 1, max: MAX_PAGE_SIZE }),
  page: count("page", { min: 0, max: MAX_PAGE }),
  /** A part of the address or of a name; one or two letters match only at the beginning. */
  textSearch: z
    .string({ error: "textSearch must be text." })
    .trim()
    .max(MAX_PERSON_SEARCH_LENGTH, {
      error: `textSearch must have at most ${MAX_PERSON_SEARCH_LENGTH} characters.`,
    })
    .refine(isPlainText, { error: "textSearch must not contain control characters." })
    .optional(),
  sortProperty: emptyIsNone(
    z
      .enum(userSortProperties, { error: `sortProperty must be one of ${userSortProperties.join(", ")}.` })
      .default("createdTime"),
  ).default("createdTime"),
  sortOrder: emptyIsNone(
    z
      .string({ error: "sortOrder must be ASC or DESC." })
      .toUpperCase()
      .pipe(z.enum(["ASC", "DESC"], { error: "sortOrder must be ASC or DESC." }))
      .default("ASC"),
  )
    .default("ASC")
    .meta({ enum: ["ASC", "DESC"] }),
});

export const listUsersCall = contract({
  method: "GET",
  path: "/api/users",
  summary: "A page of users.",
  access: "administrator",
  query: pageQuery,
  answer: z
    .object({
      data: z.array(userJsonSchema),
      totalPages: z.int().meta({ format: "int32" }),
      totalElements: z.int(),
      hasNext: z.boolean(),
    })
    .meta({ title: "UserPage" }),
});

export const readUserCall = contract({
  method: "GET",
  path: "/api/user/{id}",
  summary: "A user.",
  access: "administrator",
  params: byId,
  answer: userJsonSchema,
  errors: ["not-found"],
});

export const deleteUserCall = contract({
  method: "DELETE",
  path: "/api/user/{id}",
  summary: "Delete a user permanently.",
  warning: "The account, its sessions and its links are deleted, and cannot be restored.",
  access: "administrator",
  params: byId,
  answer: "nothing",
  errors: ["not-found", "conflict"],
});

export const activationLinkCall = contract({
  method: "GET",
  path: "/api/user/{id}/activationLink",
  summary: "A new activation link. Earlier links stop working, and cannot be shown again.",
  warning: "Earlier activation links of this person stop working.",
  access: "administrator",
  params: byId,
  answer: "text",
  errors: ["not-found", "conflict"],
  isUnsafe: true,
});

export const activationLinkInfoCall = contract({
  method: "GET",
  path: "/api/user/{id}/activationLinkInfo",
  summary: "A new activation link, with its lifetime in milliseconds. Earlier links stop working.",
  warning: "Earlier activation links of this person stop working.",
  access: "administrator",
  params: byId,
  answer: z.object({ value: z.url(), ttlMs: z.int() }).meta({ title: "ActivationLink" }),
  errors: ["not-found", "conflict"],
  isUnsafe: true,
});

export const sendActivationMailCall = contract({
  method: "POST",
  path: "/api/user/sendActivationMail",
  summary: "Mail a new activation link.",
  warning: "This person receives a mail, and earlier activation links stop working.",
  access: "administrator",
  query: z.object({ email: emailSchema }),
  answer: "nothing",
  errors: ["not-found", "conflict"],
});

/**
 * ThingsBoard's older Java clients drop the first letter of this name. ThingsBoard itself then uses the default, so a
 * call that is meant to disable somebody enables them; here it would also unlock the account.
 */
const withRightName = (query: unknown) => {
  const { serCredentialsEnabled, ...rest } = Object(query);
  return {
    ...(serCredentialsEnabled !== undefined && { userCredentialsEnabled: serCredentialsEnabled }),
    ...rest,
  };
};

export const setEnabledCall = contract({
  method: "POST",
  path: "/api/user/{id}/userCredentialsEnabled",
  summary: "Enable a user, which also unlocks the account, or disable them.",
  warning: "Disabling a user ends their sessions at once.",
  access: "administrator",
  params: byId,
  query: z.preprocess(
    withRightName,
    z.object({
      userCredentialsEnabled: isTrue
        .default(true)
        .meta({ description: "Whether the user can log in from now on. True, unless set to false." }),
    }),
  ),
  answer: "nothing",
  errors: ["not-found", "conflict"],
});
