import "server-only";
import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { linkPages } from "@/lib/accounts/rules";
import { pingDatabase } from "@/lib/core/db";
import { isDatabaseAway } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { GATE_FAILURE_HEADER, REQUEST_ID_HEADER } from "@/lib/core/origin";
import { isHttps, sessionCookieName, sessionCookieOptions } from "@/lib/sessions/cookie";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { pageOfFile } from "./own-path";
import { failurePage, unavailablePage } from "./plain-page";
import { markHandled } from "./progress";
import { securityHeaders } from "./security-headers";

const SEE_OTHER = 303;

/** A link whose "?" or "=" a mail program has percent-encoded. */
const ENCODED_LINK = new RegExp(
  `^(?<page>${Object.values(linkPages).join("|")})(?:%3[Ff]token(?:=|%3[Dd])|\\?token%3[Dd])(?<token>[\\w-]+)`,
);

const LOGIN = "/login";
/** The pages that need no login. Every other path needs a session, even one that does not exist. */
const PUBLIC_PAGES = new Set<string>([
  LOGIN,
  ...Object.values(linkPages),
  "/forgot-password",
  "/link-expired",
  "/scan-in-app",
]);
/** The public pages that work without the database. */
const SELF_SUFFICIENT_PAGES = new Set(["/link-expired", "/scan-in-app"]);
/** Where password managers look for the page that changes a password (W3C, A Well-known URL for Changing Passwords). */
const CHANGE_PASSWORD = "/.well-known/change-password";
/** They trust it only if what does not exist beside it answers 404, and not with the login. */
const WELL_KNOWN = "/.well-known/";
/** REST calls need no browser session. Only those without a token pass through here; see proxy.ts. */
const API_PREFIX = "/api/";
const PUBLIC_ASSETS = /^\/(?:_next\/static\/.+|favicon\.ico|[a-z0-9-]+\.(?:svg|png|webmanifest))$/;
/** The pages whose URL or cookie holds a secret, and the calls that lead to them. */
const SECRET_PATHS = new Set<string>([
  ...Object.values(linkPages),
  "/api/noauth/activate",
  "/api/noauth/resetPassword",
  "/api/noauth/qr",
  "/scan-in-app",
]);

/** The call whose path is the secret itself. */
const SECRET_CALL = "/api/noauth/qr/";

/**
 * Runs before every page, action and file, and before the calls without a token: sets the headers of the answer, and
 * checks the session if one is needed. It is only a first check; pages, actions and routes authenticate the caller
 * again.
 */
export async function passGate(request: NextRequest): Promise<NextResponse> {
  const { pathname } = request.nextUrl;
  const nonce = randomBytes(16).toString("base64");
  const security = securityHeaders({
    isHttps: isHttps(),
    nonce,
    isDev: process.env.NODE_ENV === "development",
    isLinkPage: SECRET_PATHS.has(pathname) || pathname.startsWith(SECRET_CALL),
  });
  const isAsset = PUBLIC_ASSETS.test(pathname);
  const scripts = { nonce, policy: security["Content-Security-Policy"] ?? "" };
  const response = isAsset ? NextResponse.next() : await answer(request, pathname, scripts);
  for (const [name, value] of Object.entries(security)) response.headers.set(name, value);
  if (!isAsset) response.headers.set("Cache-Control", "no-store");
  return response;
}

/** What a page needs for its scripts to run: their nonce, and the policy that names it. */
type Scripts = { nonce: string; policy: string };

async function answer(request: NextRequest, pathname: string, scripts: Scripts): Promise<NextResponse> {
  const forwarded = new Headers(request.headers);
  // Next takes the nonce for its own scripts from the policy; our code takes it from x-nonce.
  forwarded.set("content-security-policy", scripts.policy);
  forwarded.set("x-nonce", scripts.nonce);
  if (pathname.startsWith(API_PREFIX)) return passOn(forwarded);
  if (isReading(request)) {
    const link = ENCODED_LINK.exec(pathname + request.nextUrl.search)?.groups;
    if (link) return redirectTo(request, `${link.page}?token=${link.token}`);
    if (pathname === CHANGE_PASSWORD) return redirectTo(request, "/account/password");
  }
  if (pathname.startsWith(WELL_KNOWN)) return passOn(forwarded);
  try {
    return await answerBySession(request, pathname, forwarded);
  } catch (error) {
    const requestId = request.headers.get(REQUEST_ID_HEADER) ?? "";
    const isAway = isDatabaseAway(error);
    log().error({ event: isAway ? "database-away" : "gate-failed", requestId, err: error });
    if (isAction(request)) {
      // A script waits for the action's answer, and cannot read a page.
      forwarded.set(GATE_FAILURE_HEADER, isAway ? "unavailable" : "unexpected");
      return passOn(forwarded);
    }
    markHandled();
    return (isAway ? unavailablePage : failurePage)(requestId, scripts.nonce);
  }
}

async function answerBySession(
  request: NextRequest,
  pathname: string,
  forwarded: Headers,
): Promise<NextResponse> {
  const isPublic = PUBLIC_PAGES.has(pathname);
  // A page that fails while it renders can only answer 500, so the database is checked first. An action reports its own
  // failure.
  if (isPublic && isReading(request) && !SELF_SUFFICIENT_PAGES.has(pathname)) await pingDatabase();
  if (isPublic && !dependsOnPerson(request, pathname)) return passOn(forwarded);
  const token = request.cookies.get(sessionCookieName())?.value;
  const session = token ? await continueBrowserSession(token) : ({ state: "none" } as const);
  if (session.state === "none" && isReading(request) && !isPublic) {
    return toLogin(request, token !== undefined);
  }
  if (session.state !== "renewed") return passOn(forwarded);
  // The page must see the new token, and the browser must store it.
  request.cookies.set(sessionCookieName(), session.token);
  forwarded.set("cookie", request.cookies.toString());
  const response = passOn(forwarded);
  const options = { ...sessionCookieOptions(), maxAge: session.maxAgeSeconds };
  response.cookies.set(sessionCookieName(), session.token, options);
  return response;
}

/**
 * Whether the answer of a public page depends on who is logged in, so that it must be given a valid token: the login page
 * redirects a user who is, and the answer to a link's form is another for each person.
 */
const dependsOnPerson = (request: NextRequest, pathname: string) =>
  pathname === LOGIN ? isReading(request) : !isReading(request);

const passOn = (headers: Headers) => NextResponse.next({ request: { headers } });

const isReading = ({ method }: NextRequest) => method === "GET" || method === "HEAD";

function isAction(request: NextRequest): boolean {
  return request.method === "POST" && request.headers.has("next-action");
}

/** @param isEnded the browser has a session's token; so its session has ended, which the login page says */
function toLogin(request: NextRequest, isEnded: boolean): NextResponse {
  const { search } = request.nextUrl;
  const pathname = pageOfFile(request.nextUrl.pathname);
  const query = new URLSearchParams(pathname === "/" ? {} : { next: pathname + search });
  if (isEnded) query.set("notice", "session-ended");
  return redirectTo(request, query.size === 0 ? LOGIN : `${LOGIN}?${query}`);
}

/** @param path with its query */
function redirectTo(request: NextRequest, path: string): NextResponse {
  return NextResponse.redirect(new URL(path, request.nextUrl), SEE_OTHER);
}
