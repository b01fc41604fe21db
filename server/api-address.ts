/** The one spelling of a call's path: as the API's document has it, with nothing encoded and nothing to resolve. */
const CALL = /^\/api(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

/** How often something may have been encoded for it still to be recognised. */
const MAX_ENCODED = 3;

function decoded(text: string): string {
  // What is no UTF-8 or no encoding stays as it is; only the letters matter here.
  return text.replace(/%[0-7][\da-f]/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

/**
 * Whether a request's target leads to the API for anybody who reads addresses more loosely than we do: in capitals,
 * encoded, by a detour, with slashes too many, or as a whole URL.
 */
export function isApiAddress(url: string): boolean {
  let text = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/\\]*/i, "").split(/[?#]/, 1)[0] ?? "";
  for (let round = 0; round < MAX_ENCODED; round += 1) text = decoded(text);
  const segments: string[] = [];
  for (const segment of text.split(/[/\\]+/).slice(1)) {
    if (segment === "..") segments.pop();
    else if (segment !== ".") segments.push(segment);
  }
  return text.startsWith("/api/") || /^api(?:;|$)/i.test((segments[0] ?? "").trim());
}

/** Whether a path is spelled as calls are. Whoever spells one otherwise finds nothing, so that each has one name. */
export function isCallPath(path: string): boolean {
  return CALL.test(path);
}
