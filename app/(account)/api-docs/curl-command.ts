const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

type Request = {
  method: string;
  url: string;
  /** Whether it wants a token, which the command takes from a variable of the shell. */
  wantsToken: boolean;
  /** JSON, as it is sent. */
  body?: string | undefined;
};

/** A request as one types it into a shell. */
export function curlCommand({ method, url, wantsToken, body }: Request): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quoted(url)}`,
    ...(wantsToken ? [`-H "X-Authorization: Bearer $TOKEN"`] : []),
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d ${quoted(body)}`]),
  ];
  return lines.join(" \\\n  ");
}
