"use server";

import { adminAction } from "@/lib/request/action";
import {
  changeAuthoritySchema,
  deleteUserSchema,
  editUserSchema,
  issueLinkSchema,
  newUserSchema,
  userSchema,
} from "@/lib/users/schema";
import {
  changeAuthority,
  deleteUser,
  disableUser,
  enableUser,
  endUserSessions,
  unlockUser,
} from "@/lib/users/service/administer-user";
import { createUser } from "@/lib/users/service/create-user";
import { editUser } from "@/lib/users/service/edit-user";
import { issueUserLink } from "@/lib/users/service/issue-link";

export const invite = adminAction("invite", newUserSchema, createUser);
export const issueLink = adminAction("issueLink", issueLinkSchema, issueUserLink);
export const unlock = adminAction("unlock", userSchema, unlockUser);
export const disable = adminAction("disable", userSchema, disableUser);
export const enable = adminAction("enable", userSchema, enableUser);
export const endSessions = adminAction("endSessions", userSchema, endUserSessions);
export const giveAuthority = adminAction("giveAuthority", changeAuthoritySchema, changeAuthority);
export const edit = adminAction("edit", editUserSchema, editUser);
export const remove = adminAction("remove", deleteUserSchema, deleteUser);
