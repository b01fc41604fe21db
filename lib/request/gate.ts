import "server-only";
import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { pingDatabase } from "@/lib/core/db";
import { isDatabaseAway } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { GATE_FAILURE_HEADER, REQUEST_ID_HEADER } from "@/lib/core/origin";
import { isHttps, sessionCookieName, sessionCookieOptions } from "@/lib/sessions/cookie";
import { continueBrowserSession } from "@/lib/sessions/service";
import { failurePage, unavailablePage } from "./plain-page";
import { takeUp } from "./progress";
import { securityHeaders } from "./security-headers";

const SEE_OTHER = 303;

const LOGIN = "/login";
/** Where nobody need be logged in. Everything else needs a session, also what does not exist. */
const PUBLIC_PAGES = new Set([
  LOGIN,
  "/activate",
  "/forgot-password",
  "/reset-password",
  "/password-expired",
  "/unlock",
  "/link-expired",
  "/scan-in-app",
]);
/** The public pages that have something to say without the database. */
const SELF_SUFFICIENT_PAGES = new Set(["/link-expired", "/scan-in-app"]);
/** No call needs a browser's session. Only those without a token come by here; the others' routes look at it. */
const PROGRAMS = "/api/";
const PUBLIC_ASSETS = /^\/(?:_next\/static\/.+|favicon\.ico|[a-z0-9-]+\.(?:svg|png|webmanifest))$/;
/** Pages whose address or cookie holds a secret, and the calls that lead to them. */
const LINK_PAGES = new Set([
  "/activate",
  "/reset-password",
  "/password-expired",
  "/unlock",
  "/api/noauth/activate",
  "/api/noauth/resetPassword",
  "/api/noauth/qr",
  "/scan-in-app",
]);

/** The call whose address is the secret itself. */
const SECRET_CALL = "/api/noauth/qr/";

/**
 * What stands before every page, action and file, and before the calls without a token: the headers of the answer, and
 * the session where one is needed. It is a first wall only; pages, actions and routes ask again who is there.
 */
export async function passGate(request: NextRequest): Promise<NextResponse> {
  const { pathname } = request.nextUrl;
  const nonce = randomBytes(16).toString("base64");
  const security = securityHeaders({
    https: isHttps(),
    nonce,
    dev: process.env.NODE_ENV === "development",
    isLinkPage: LINK_PAGES.has(pathname) || pathname.startsWith(SECRET_CALL),
  });
  const isAsset = PUBLIC_ASSETS.test(pathname);
  const response = isAsset ? NextResponse.next() : await answer(request, pathname, { nonce, security });
  for (const [name, value] of Object.entries(security)) response.headers.set(name, value);
  if (!isAsset) response.headers.set("Cache-Control", "no-store");
  return response;
}

type Scripts = { nonce: string; security: Record<string, string> };

async function answer(request: NextRequest, pathname: string, scripts: Scripts): Promise<NextResponse> {
  const forwarded = new Headers(request.headers);
  // Next finds the nonce for its own scripts in the policy; ours finds it by name.
  forwarded.set("content-security-policy", scripts.security["Content-Security-Policy"] ?? "");
  forwarded.set("x-nonce", scripts.nonce);
  const next = () => NextResponse.next({ request: { headers: forwarded } });
  if (pathname.startsWith(PROGRAMS)) return next();
  const isReading = request.method === "GET" || request.method === "HEAD";
  const token = request.cookies.get(sessionCookieName())?.value;
  try {
    const isPublic = PUBLIC_PAGES.has(pathname);
    // A page that fails while it is rendered could only answer 500; an action finds its own words.
    if (isPublic && isReading && !SELF_SUFFICIENT_PAGES.has(pathname)) await pingDatabase();
    // The login page leads on whoever is logged in, and so must be shown a token that is good.
    if (isPublic && !(isReading && pathname === LOGIN)) return next();
    const session = token ? await continueBrowserSession(token) : ({ state: "none" } as const);
    if (session.state === "none") return isReading && !isPublic ? toLogin(request) : next();
    if (session.state === "live") return next();
    // The page behind must see the new token, and the browser must keep it.
    request.cookies.set(sessionCookieName(), session.token);
    forwarded.set("cookie", request.cookies.toString());
    const response = next();
    const options = { ...sessionCookieOptions(), maxAge: session.maxAgeSeconds };
    response.cookies.set(sessionCookieName(), session.token, options);
    return response;
  } catch (error) {
    const requestId = request.headers.get(REQUEST_ID_HEADER) ?? "";
    const isAway = isDatabaseAway(error);
    log().error({ event: isAway ? "database-away" : "gate-failed", requestId, err: error });
    if (isAction(request)) {
      // A script waits for the action's answer, and could make nothing of a page.
      forwarded.set(GATE_FAILURE_HEADER, isAway ? "unavailable" : "unexpected");
      return next();
    }
    takeUp();
    return (isAway ? unavailablePage : failurePage)(requestId, scripts.nonce);
  }
}

function isAction(request: NextRequest): boolean {
  return request.method === "POST" && request.headers.has("next-action");
}

function toLogin(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const url = request.nextUrl.clone();
  url.pathname = LOGIN;
  url.search = pathname === "/" ? "" : `?${new URLSearchParams({ next: pathname + search })}`;
  return NextResponse.redirect(url, SEE_OTHER);
}
