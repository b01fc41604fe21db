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
  issueUserLink,
  unlockUser,
} from "@/lib/users/service/administer-user";
import { createUser } from "@/lib/users/service/create-user";
import { editUser } from "@/lib/users/service/edit-user";

export const invite = adminAction(newUserSchema, createUser);
export const issueLink = adminAction(issueLinkSchema, issueUserLink);
export const unlock = adminAction(userSchema, unlockUser);
export const disable = adminAction(userSchema, disableUser);
export const enable = adminAction(userSchema, enableUser);
export const endSessions = adminAction(userSchema, endUserSessions);
export const giveAuthority = adminAction(changeAuthoritySchema, changeAuthority);
export const edit = adminAction(editUserSchema, editUser);
export const remove = adminAction(deleteUserSchema, deleteUser);
