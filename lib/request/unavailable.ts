import "server-only";
import { NextResponse } from "next/server";

const RETRY_AFTER_SECONDS = 5;

/** The page for when the database does not answer: it needs nothing but itself. */
export function unavailablePage(requestId: string, nonce: string): NextResponse {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${RETRY_AFTER_SECONDS}">
<title>Gatehouse is waiting for its database</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { display: grid; place-content: center; min-height: 90vh; margin: 0; padding: 1.5rem; }
  main { max-width: 32rem; }
  h1 { font-size: 1.25rem; }
  code { font-size: 0.875rem; }
</style>
<main>
  <h1>Gatehouse is waiting for its database</h1>
  <p>The database does not answer at the moment. Nothing that was saved is lost. This page tries again by itself.</p>
  <p>Request <code>${requestId.replace(/[^\w-]/g, "")}</code></p>
</main>`;
  return new NextResponse(html, {
    status: 503,
    headers: { "Content-Type": "text/html; charset=utf-8", "Retry-After": String(RETRY_AFTER_SECONDS) },
  });
}
