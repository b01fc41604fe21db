/** The files to download, each with the page that offers it. */
const PAGES_OF_FILES: ReadonlyMap<string, string> = new Map([["/audit/export", "/audit"]]);

/**
 * Returns the path of the page that offers a file, and any other path as it is. A login leads to a page: a download is
 * audited, and whoever wrote the link to the login must not cause one.
 */
export function pageOfFile(pathname: string): string {
  // Next redirects to the path without surplus slashes.
  const path = pathname.replace(/\/+/g, "/").replace(/\/$/, "");
  return PAGES_OF_FILES.get(path) ?? pathname;
}

/**
 * Returns a redirect target within Gatehouse, as path and query: a page, not a file; "/" for anything that could lead
 * elsewhere.
 */
export function ownPath(text: unknown): string {
  if (typeof text !== "string" || !/^\/(?![/\\])/.test(text)) return "/";
  const base = "http://gatehouse.invalid";
  if (!URL.canParse(text, base)) return "/";
  const { origin, pathname, search } = new URL(text, base);
  return origin === base && !pathname.startsWith("//") ? pageOfFile(pathname) + search : "/";
}
