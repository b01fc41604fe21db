import { z } from "zod/mini";
import { MAX_NAME_LENGTH } from "@/lib/accounts/rules";
import { profileSchema } from "@/lib/accounts/schema";
import { MAX_EMAIL_LENGTH } from "@/lib/core/email/rules";
import { emailSchema } from "@/lib/core/email/schema";
import { idSchema } from "@/lib/core/id/schema";
import { personSearchSchema } from "@/lib/core/person-search/schema";
import { ifValid } from "@/lib/core/query-parameter/schema";
import type { Authority } from "@/prisma/generated/enums";

/** All authorities, the most powerful first. */
export const authorities = [
  "SYS_ADMIN",
  "TENANT_ADMIN",
  "CUSTOMER_USER",
] as const satisfies readonly Authority[];
export const authoritySchema = z.enum(authorities, { error: "Choose an authority." });

export const newUserSchema = z.extend(profileSchema, {
  email: emailSchema,
  authority: authoritySchema,
  /** Whether the activation link is mailed. The console shows it to the administrator either way. */
  sendMail: z.boolean(),
});
export type NewUserInput = z.infer<typeof newUserSchema>;

const userId = idSchema;
/**
 * The editable fields of an account; `seen` has the values that the form was loaded with, to detect concurrent edits.
 */
export const editUserSchema = z.extend(profileSchema, {
  userId,
  email: emailSchema,
  seen: z.object({
    email: z.string().check(z.maxLength(MAX_EMAIL_LENGTH)),
    firstName: z.string().check(z.maxLength(MAX_NAME_LENGTH)),
    lastName: z.string().check(z.maxLength(MAX_NAME_LENGTH)),
  }),
});
export type EditUserInput = z.infer<typeof editUserSchema>;
export const userSchema = z.object({ userId });
/** `seen`: the authority that the dialog was opened with, to detect a concurrent change. */
export const changeAuthoritySchema = z.object({ userId, seen: authoritySchema, authority: authoritySchema });
/** Deleting an account requires its address to be typed. */
export const deleteUserSchema = z.object({ userId, email: z.string().check(z.maxLength(MAX_EMAIL_LENGTH)) });
export const issueLinkSchema = z.object({
  userId,
  purpose: z.enum(["ACTIVATION", "PASSWORD_RESET"]),
  delivery: z.enum(["mail", "copy"]),
});
export type IssueLinkInput = z.infer<typeof issueLinkSchema>;

export const userStates = ["invited", "active", "disabled", "locked"] as const;
export const userSorts = ["email", "newest", "last-login", "oldest-login"] as const;
export type UserState = (typeof userStates)[number];
/** What the list can be filtered by: a state, or those invited who have no activation link that works. */
export const userStateFilters = ["invited", "invited-without-link", "active", "disabled", "locked"] as const;
export type UserStateFilter = (typeof userStateFilters)[number];
export type UserSort = (typeof userSorts)[number];

export const USERS_PAGE_SIZE = 50;

/** The list's query parameters. Invalid values are ignored rather than refused. */
export const usersQuerySchema = z.object({
  /** Any part of the e-mail address or a name. */
  search: personSearchSchema,
  state: ifValid(z.enum(userStateFilters)),
  authority: ifValid(z.enum(authorities)),
  sort: z.catch(z._default(z.enum(userSorts), "email"), "email"),
  /** The cursor of the last row before the page. It is longest for an address that is percent-encoded throughout. */
  after: ifValid(z.string().check(z.maxLength(1_200))),
});

export type UsersQuery = z.infer<typeof usersQuerySchema>;

/** The sort properties of numbered pages, with ThingsBoard's names. */
export const userSortProperties = ["createdTime", "email", "firstName", "lastName"] as const;

/** A program's query for a numbered page of accounts. Pages start at 0. */
export type UsersPageQuery = {
  search?: string | undefined;
  sortProperty: (typeof userSortProperties)[number];
  sortOrder: "ASC" | "DESC";
  pageSize: number;
  page: number;
};

/** Why the current administrator may not disable, demote or delete an account. */
export type Protection = "oneself" | "last-administrator";

/** A row of the list. */
export type UserRow = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  authority: Authority;
  state: UserState;
  createdAt: Date;
  lastLoginAt: Date | null;
};
