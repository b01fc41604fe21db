/** A call that a person tries out: where `path` has braces, a parameter's value goes. */
export type Trial = {
  method: string;
  path: string;
  parameters: readonly { name: string; in: "path" | "query"; value: string }[];
  /** The body as it was typed. */
  body?: string | undefined;
  token?: string | undefined;
};

export type TokenPair = { token: string; refreshToken: string };

/** What came of it. */
export type Outcome =
  | { kind: "unreachable" }
  | { kind: "silent"; seconds: number }
  /** A browser does not tell a page where it leads. */
  | { kind: "redirect"; ms: number }
  | {
      kind: "answer";
      status: number;
      statusText: string;
      ms: number;
      headers: readonly (readonly [name: string, value: string])[];
      /** As it came; JSON set out in lines. */
      text: string;
      isJson: boolean;
      /** Where the answer has a pair of tokens. */
      pair: TokenPair | null;
    };

const PATIENCE_SECONDS = 30;
const TOLD_HEADERS = ["content-type", "retry-after", "allow", "x-request-id"];

/** The address of a trial, on the origin that the page is from. What is not filled in is not sent. */
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

/** Whether a text is JSON, as the server would read it. */
export const isJsonText = (text: string) => parsed(text) !== undefined;

function pairIn(value: unknown): TokenPair | null {
  if (typeof value !== "object" || value === null || !("token" in value && "refreshToken" in value))
    return null;
  const { token, refreshToken } = value;
  return typeof token === "string" && typeof refreshToken === "string" ? { token, refreshToken } : null;
}

/** Makes the call, with the token that is given and nothing else of the browser's: no cookie goes along. */
export async function sendTrial(trial: Trial): Promise<Outcome> {
  const { method, body, token } = trial;
  const signal = AbortSignal.timeout(PATIENCE_SECONDS * 1_000);
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
    const json = response.headers.get("content-type")?.includes("json") ? parsed(text) : undefined;
    return {
      kind: "answer",
      status: response.status,
      statusText: response.statusText,
      ms,
      headers: TOLD_HEADERS.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      }),
      text: json === undefined ? text : JSON.stringify(json, null, 2),
      isJson: json !== undefined,
      pair: response.ok ? pairIn(json) : null,
    };
  } catch {
    return signal.aborted ? { kind: "silent", seconds: PATIENCE_SECONDS } : { kind: "unreachable" };
  }
}
