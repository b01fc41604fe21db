/** A trial call; parameter values replace the braces in `path`. */
export type Trial = {
  method: string;
  path: string;
  parameters: readonly { name: string; in: "path" | "query"; value: string }[];
  /** The body, exactly as typed. */
  body?: string | undefined;
  token?: string | undefined;
};

export type TokenPair = { token: string; refreshToken: string };

/** The outcome of a trial call. */
export type Outcome =
  | { kind: "unreachable" }
  | { kind: "silent"; seconds: number }
  /** Scripts cannot read the target of a redirect. */
  | { kind: "redirect"; ms: number }
  | {
      kind: "answer";
      status: number;
      statusText: string;
      ms: number;
      headers: readonly (readonly [name: string, value: string])[];
      /** The body as received; JSON is indented. */
      text: string;
      isJson: boolean;
      /** The token pair in the response, if there is one. */
      pair: TokenPair | null;
    };

const TIMEOUT_SECONDS = 30;
const SHOWN_HEADERS = ["content-type", "retry-after", "allow", "x-request-id"];

/** Returns the URL of a trial call, relative to the page's origin. Empty query parameters are left out. */
export function addressOf({ path, parameters }: Pick<Trial, "path" | "parameters">): string {
  const inPath = parameters.filter((parameter) => parameter.in === "path");
  const filled = inPath.reduce(
    (text, { name, value }) => text.replace(`{${name}}`, encodeURIComponent(value)),
    path,
  );
  const query = new URLSearchParams(
    parameters.flatMap((parameter) =>
      parameter.in === "query" && parameter.value !== "" ? [[parameter.name, parameter.value]] : [],
    ),
  );
  return query.size > 0 ? `${filled}?${query}` : filled;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tells whether a text is valid JSON. */
export const isJsonText = (text: string) => parsed(text) !== undefined;

function pairIn(value: unknown): TokenPair | null {
  if (typeof value !== "object" || value === null || !("token" in value && "refreshToken" in value))
    return null;
  const { token, refreshToken } = value;
  return typeof token === "string" && typeof refreshToken === "string" ? { token, refreshToken } : null;
}

/** Makes the call with the given token only: the browser sends no cookies. */
export async function sendTrial(trial: Trial): Promise<Outcome> {
  const { method, body, token } = trial;
  const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1_000);
  const begun = performance.now();
  try {
    const response = await fetch(addressOf(trial), {
      method,
      headers: {
        ...(token !== undefined && { "X-Authorization": `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body }),
      credentials: "omit",
      cache: "no-store",
      redirect: "manual",
      signal,
    });
    const text = await response.text();
    const ms = Math.round(performance.now() - begun);
    if (response.type === "opaqueredirect") return { kind: "redirect", ms };
    // Not by its Content-Type: one call sends JSON as text/plain, for ThingsBoard's clients.
    const json = parsed(text);
    return {
      kind: "answer",
      status: response.status,
      statusText: response.statusText,
      ms,
      headers: SHOWN_HEADERS.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      }),
      text: json === undefined ? text : JSON.stringify(json, null, 2),
      isJson: json !== undefined,
      pair: response.ok ? pairIn(json) : null,
    };
  } catch {
    return signal.aborted ? { kind: "silent", seconds: TIMEOUT_SECONDS } : { kind: "unreachable" };
  }
}
