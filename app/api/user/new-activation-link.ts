import { userError } from "@/app/api/user/user-error";
import type { Actor } from "@/lib/core/actor";
import { env } from "@/lib/core/env";
import { issueActivation } from "@/lib/users/service/named-user";

/** Issues an activation link with ThingsBoard's address, from which its clients read the token. @throws RestError */
export async function newActivationLink(
  actor: Actor,
  userId: string,
): Promise<{ value: string; ttlMs: number }> {
  const result = await issueActivation(actor, { userId }, "copy");
  if (!result.ok) throw userError(result);
  const token = new URL(result.url ?? "", env().BASE_URL).searchParams.get("token") ?? "";
  const link = new URL("/api/noauth/activate", env().BASE_URL);
  link.searchParams.set("activateToken", token);
  return { value: link.href, ttlMs: Math.max(0, result.expiresAt.getTime() - Date.now()) };
}
