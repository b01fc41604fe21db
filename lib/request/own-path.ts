/** Returns a redirect target within Gatehouse, as path and query; "/" for anything that could lead elsewhere. */
export function ownPath(text: unknown): string {
  if (typeof text !== "string" || !/^\/(?![/\\])/.test(text)) return "/";
  const base = "http://gatehouse.invalid";
  if (!URL.canParse(text, base)) return "/";
  const { origin, pathname, search } = new URL(text, base);
  return origin === base && !pathname.startsWith("//") ? pathname + search : "/";
}
