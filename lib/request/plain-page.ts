import "server-only";
import { NextResponse } from "next/server";

const RETRY_AFTER_SECONDS = 5;

type Words = { title: string; text: string };

/** Returns the 503 page for when the database does not answer; it reloads itself every 5 seconds. */
export function unavailablePage(requestId: string, nonce: string): NextResponse {
  const words = {
    title: "Waiting for the database",
    text: "It is not answering right now. Nothing that was saved is lost. This page tries again automatically.",
  };
  return page(503, words, requestId, nonce);
}

/** Returns the 500 page for a failure of the gate itself: no page of the console can then be relied on to render. */
export function failurePage(requestId: string, nonce: string): NextResponse {
  const words = {
    title: "Gatehouse could not be shown",
    text: "Something failed on the server. Its log has details. Nothing was changed.",
  };
  return page(500, words, requestId, nonce);
}

/** Returns the 500 page for a file whose data could not be read. */
export function unreadFilePage(requestId: string, nonce: string): NextResponse {
  const words = {
    title: "The file could not be created",
    text: "Its data could not be read from the database. Nothing is lost. If it took long, a narrower filter may help.",
  };
  return page(500, words, requestId, nonce);
}

/** Renders a page that loads nothing but the icon; it therefore repeats a few colours of app/globals.css. */
function page(status: 500 | 503, { title, text }: Words, requestId: string, nonce: string): NextResponse {
  const reloads = status === 503;
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${reloads ? `<meta http-equiv="refresh" content="${RETRY_AFTER_SECONDS}">` : ""}
<title>${title} · Gatehouse</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style nonce="${nonce}">
  :root {
    color-scheme: light dark;
    color: light-dark(oklch(0.235 0.02 215), oklch(0.955 0.005 195));
    background: light-dark(oklch(0.971 0.005 195), oklch(0.196 0.01 210));
  }
  body { display: grid; place-content: center; justify-items: center; min-height: 100dvh; margin: 0; padding: 1rem; box-sizing: border-box; font: 0.875rem/1.375rem ui-sans-serif, system-ui, sans-serif; }
  header { display: flex; align-items: center; gap: 0.625rem; margin-bottom: 1.5rem; font-size: 1rem; font-weight: 600; }
  main {
    box-sizing: border-box; width: 100%; max-width: 25rem; padding: 2rem; border-radius: 0.4375rem;
    border: 1px solid light-dark(oklch(0.902 0.008 195), oklch(0.32 0.013 210));
    background: light-dark(oklch(1 0 0), oklch(0.229 0.011 210));
  }
  h1 { margin: 0; font-size: 1.375rem; line-height: 1.75rem; font-weight: 600; letter-spacing: -0.018em; text-wrap: balance; }
  p { margin: 0.375rem 0 0; color: light-dark(oklch(0.415 0.02 212), oklch(0.79 0.011 200)); }
  p ~ p { margin-top: 1.5rem; font-size: 0.8125rem; }
  a {
    display: inline-block; margin-top: 1.5rem; padding: 0.6875rem 0.875rem; border-radius: 0.4375rem; font-weight: 500; text-decoration: none;
    color: light-dark(oklch(1 0 0), oklch(0.19 0.03 205)); background: light-dark(oklch(0.42 0.078 200), oklch(0.82 0.095 188));
  }
  a:focus-visible { outline: 2px solid light-dark(oklch(0.55 0.115 200), oklch(0.85 0.11 188)); outline-offset: 2px; }
  code { font: 0.8125rem ui-monospace, Menlo, monospace; overflow-wrap: anywhere; }
</style>
<header><img src="/icon.svg" alt="" width="24" height="24">Gatehouse</header>
<main>
  <h1>${title}</h1>
  <p>${text}</p>
  ${reloads ? "" : '<a href="">Try again</a>'}
  <p>Request <code>${requestId.replace(/[^\w-]/g, "")}</code></p>
</main>`;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    ...(reloads && { "Retry-After": String(RETRY_AFTER_SECONDS) }),
  };
  return new NextResponse(html, { status, headers });
}
