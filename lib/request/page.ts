import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { type Actor, type Person, requireAdministrator, requirePerson } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/errors";
import { askedPathOf, originOf } from "@/lib/core/origin";
import { sessionCookieName } from "@/lib/sessions/cookie";
import { authenticate } from "@/lib/sessions/service";
import { tellingRefusals } from "./refused";

/** Who asks for this page or calls this action. Read once for each request. */
export const currentActor = cache(async (): Promise<Actor> => {
  const origin = originOf(await headers());
  const token = (await cookies()).get(sessionCookieName())?.value;
  const person = token ? await authenticate(token, "BROWSER", origin) : null;
  return person ?? { kind: "anonymous", ...origin };
});

/**
 * The administrator who asks for this page. Anybody else is sent to log in, or told that there is nothing here for them.
 * Asked once for each request, because the layout and its page both do.
 */
export const requirePageAdministrator = cache(async (): Promise<Person> => {
  try {
    const actor = await currentActor();
    const asked = `GET ${askedPathOf(await headers())}`;
    return await tellingRefusals(
      asked,
      () => actor,
      () => requireAdministrator(actor),
    );
  } catch (error) {
    if (error instanceof Refusal)
      redirect(error.code === "forbidden" ? "/no-access" : "/login?notice=session-ended");
    throw error;
  }
});

/** Whether an administrator asks, for a title that is nobody else's to read. It refuses nobody: the page does, once. */
export async function isPageAdministrator(): Promise<boolean> {
  const actor = await currentActor();
  return actor.kind === "person" && actor.authority === "SYS_ADMIN";
}

/** Whoever is logged in and asks for this page. Anybody else is sent to log in. */
export async function requirePagePerson(): Promise<Person> {
  try {
    return requirePerson(await currentActor());
  } catch (error) {
    if (error instanceof Refusal) redirect("/login?notice=session-ended");
    throw error;
  }
}

/**
 * Whether a browser loads the page as such. What a skeleton stands in for is put in its place by a script; a page that is
 * loaded whole is better sent whole, and then needs none. For the same reason its page has no loading.tsx.
 */
export async function isWholeDocument(): Promise<boolean> {
  return (await headers()).get("sec-fetch-dest") !== "empty";
}
