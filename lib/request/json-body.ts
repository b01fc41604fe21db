import { RestError } from "./rest-errors";

/** The deepest nesting that is accepted; more than any known body has. */
const MAX_DEPTH = 16;

const STRING = /"(?:[^"\\]|\\.)*"/y;

/** Refuses a body, and says why: its author may have checked that it is JSON. */
const refused = (message: string) => new RestError("bad-request", { message });

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused("The body is not UTF-8.");
  }
}

/**
 * Parses only JSON that all parsers read the same way (RFC 8259, 4): each name once in an object, no `__proto__`, and
 * no deeper nesting than `MAX_DEPTH`.
 * @throws SyntaxError for what is not JSON; RestError "bad-request"
 */
function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // The text is valid JSON, so in an object the first string after `{` or `,` is a name.
  const open: (Set<string> | null)[] = [];
  let isFirst = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      STRING.lastIndex = at;
      const literal = STRING.exec(text)?.[0] ?? "";
      at += literal.length - 1;
      const names = open.at(-1);
      if (isFirst && names) addName(names, JSON.parse(literal) as string);
      isFirst = false;
    } else if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : null);
      if (open.length > MAX_DEPTH)
        throw refused(`The body's JSON is nested more than ${MAX_DEPTH} levels deep.`);
      isFirst = true;
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === ",") {
      isFirst = true;
    }
  }
  return value;
}

function addName(names: Set<string>, name: string): void {
  if (names.has(name)) throw refused("The body's JSON has a name twice in an object.");
  if (name === "__proto__") throw refused("The body's JSON has the name __proto__.");
  names.add(name);
}

/**
 * Reads the JSON body of a REST call, whose size the front has limited (server/request-body.ts).
 * @throws RestError "no-json" or "bad-request"
 */
export async function readJson(request: Request): Promise<unknown> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new RestError("no-json");
  const coding = request.headers.get("content-encoding") || "identity";
  if (coding.toLowerCase() !== "identity")
    throw new RestError("no-json", { message: "The body must not be compressed." });
  const text = textOf(await request.arrayBuffer());
  try {
    return parseStrictJson(text);
  } catch (error) {
    throw error instanceof RestError ? error : refused("The body is not valid JSON.");
  }
}
