import { RedirectType, redirect } from "next/navigation";

/**
 * Redirects from the form of a link that was used or has ended. The way back must not lead to the form again, which the
 * browser has kept.
 */
export function leaveLinkForm(path: string): never {
  redirect(path, RedirectType.replace);
}
