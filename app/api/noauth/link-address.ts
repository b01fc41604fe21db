import { linkPages } from "@/lib/accounts/rules";
import { describeLink } from "@/lib/accounts/service/link-owner";
import { env } from "@/lib/core/env";
import { RestError } from "@/lib/request/rest-errors";

const pages = {
  ACTIVATION: { works: linkPages.ACTIVATION, expired: "/link-expired?kind=activation" },
  PASSWORD_RESET: { works: linkPages.PASSWORD_RESET, expired: "/link-expired?kind=reset" },
} as const;

/**
 * Returns the page for a link with one of ThingsBoard's addresses. Opening the link does not use it up.
 * @throws RestError "unknown-link"
 */
export async function linkAddress(purpose: keyof typeof pages, secret: string): Promise<string> {
  const state = await describeLink(purpose, secret);
  if (state === "unknown") throw new RestError("unknown-link");
  const url = new URL(pages[purpose][state], env().BASE_URL);
  if (state === "works") url.searchParams.set("token", secret);
  return url.href;
}
