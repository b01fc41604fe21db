const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

type Request = {
  method: string;
  url: string;
  /** Whether the call needs a token, which the command takes from a shell variable. */
  wantsToken: boolean;
  /** The JSON to send, as text. */
  body?: string | undefined;
};

/** Returns a request as a shell command. */
export function curlCommand({ method, url, wantsToken, body }: Request): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quoted(url)}`,
    ...(wantsToken ? [`-H "X-Authorization: Bearer $TOKEN"`] : []),
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d ${quoted(body)}`]),
  ];
  return lines.join(" \\\n  ");
}
