import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { type Actor, type Person, requireAdministrator, requirePerson } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/errors";
import { askedPathOf, originOf } from "@/lib/core/origin";
import { sessionCookieName } from "@/lib/sessions/cookie";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { recordingForbidden } from "./refused";

/** Returns who requests this page or calls this action; read once for each request. */
export const currentActor = cache(async (): Promise<Actor> => {
  const origin = originOf(await headers());
  const token = (await cookies()).get(sessionCookieName())?.value;
  const person = token ? await authenticate(token, "BROWSER", origin) : null;
  return person ?? { kind: "anonymous", ...origin };
});

/**
 * Returns the administrator who requests this page. Redirects any other user to /no-access, and a visitor who is not
 * logged in to the login page. Runs once for each request, because both the layout and its page call it.
 */
export const requirePageAdministrator = cache(async (): Promise<Person> => {
  try {
    const actor = await currentActor();
    const asked = `GET ${askedPathOf(await headers())}`;
    return await recordingForbidden(
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

/**
 * Returns whether an administrator requests this page, for a title that nobody else may read. It records no refusal:
 * the page does that, once.
 */
export async function isPageAdministrator(): Promise<boolean> {
  const actor = await currentActor();
  return actor.kind === "person" && actor.authority === "SYS_ADMIN";
}

/** Returns the logged-in user who requests this page. Redirects anybody else to the login page. */
export async function requirePagePerson(): Promise<Person> {
  try {
    return requirePerson(await currentActor());
  } catch (error) {
    if (error instanceof Refusal) redirect("/login?notice=session-ended");
    throw error;
  }
}

/**
 * Returns whether the browser loads the page as a document, and not by a script of the console. A skeleton is replaced
 * by a script, so a document is better sent complete, without one. For the same reason its page has no loading.tsx.
 */
export async function isWholeDocument(): Promise<boolean> {
  return (await headers()).get("sec-fetch-dest") !== "empty";
}
