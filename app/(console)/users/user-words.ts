import type { UserSort, UserState, UserStateFilter } from "@/lib/users/schema";
import type { Authority } from "@/prisma/generated/enums";

/** The label of each authority, and what it allows a person to do. */
export const authorityWords: Record<Authority, { label: string; may: string }> = {
  SYS_ADMIN: {
    label: "System administrator",
    may: "Manages everything in this console: security settings, people, mail and audit.",
  },
  TENANT_ADMIN: {
    label: "Tenant administrator",
    may: "Logs in to the platform and manages one tenant there. No access to this console.",
  },
  CUSTOMER_USER: {
    label: "Customer user",
    may: "Logs in to the platform and uses it. No access to this console.",
  },
};

/** The label of each state, and what it means for the person. */
export const stateWords: Record<UserState, { label: string; meaning: string }> = {
  invited: { label: "Invited", meaning: "No password has been chosen yet." },
  active: { label: "Active", meaning: "Can log in." },
  disabled: { label: "Disabled", meaning: "Cannot log in until somebody enables the account." },
  locked: { label: "Locked", meaning: "Too many wrong passwords." },
};

/** The labels of the filter by state. */
export const stateFilterLabels: Record<UserStateFilter, string> = {
  invited: stateWords.invited.label,
  "invited-without-link": "Invited, no link",
  active: stateWords.active.label,
  disabled: stateWords.disabled.label,
  locked: stateWords.locked.label,
};

export const sortLabels: Record<UserSort, string> = {
  email: "E-mail address",
  newest: "Newest first",
  "last-login": "Latest login first",
  "oldest-login": "Oldest login first",
};
