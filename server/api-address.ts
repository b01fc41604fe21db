/** The canonical spelling of a call's path, as in the OpenAPI document: nothing percent-encoded, no dot segments. */
const CALL = /^\/api(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

/** How many layers of percent-encoding are undone to recognise an API path. */
const MAX_ENCODED = 3;

function decoded(text: string): string {
  // Decodes ASCII only, which suffices to recognise an API path; everything else stays as it is.
  return text.replace(/%[0-7][\da-f]/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

/**
 * Whether a lenient parser could take a request target for an API path: in capitals, percent-encoded, with dot segments
 * or surplus slashes, or as an absolute URL.
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

/** Whether a path has the canonical spelling of a call. Any other spelling gets 404: each call has one address. */
export function isCallPath(path: string): boolean {
  return CALL.test(path);
}
