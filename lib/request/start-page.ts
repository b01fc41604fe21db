import type { Person } from "@/lib/core/actor";
import { ownPath } from "./own-path";

/** Returns the page at which a person starts: an administrator at the settings, anybody else at their account. */
export function startPage({ authority }: Pick<Person, "authority">): string {
  return authority === "SYS_ADMIN" ? "/settings/security" : "/account";
}

/**
 * Returns where a person goes who has logged in: to the page that was asked for, or to their start page. "/" would only
 * redirect there, and a browser would show nothing in between.
 */
export function pageAfterLogin(person: Pick<Person, "authority">, next: unknown): string {
  const path = ownPath(next);
  return path === "/" ? startPage(person) : path;
}
