import type { Protection } from "@/lib/users/schema";

/** Says why a control is disabled: "This is your own account. …"; null if the account is not protected. */
export function protectionText(protection: Protection | null, what: string): string | null {
  if (protection === "oneself")
    return `This is your own account. It can only be ${what} by another administrator.`;
  if (protection === "last-administrator")
    return `This is the last active system administrator. It can only be ${what} once there is another.`;
  return null;
}
