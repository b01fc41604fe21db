import { request } from "node:http";

export type Sent = {
  method?: string;
  /** Path and query, sent exactly as they are. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
};

export type Got = { status: number; headers: Record<string, string>; body: string };

/** Sends a request without a browser's restrictions: any method, path and header. Does not follow redirects. */
export function send(url: string, { method = "GET", path, headers = {}, body }: Sent): Promise<Got> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const going = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const named = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(named),
          body: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    going.on("error", reject);
    going.end(body);
  });
}

/** The headers that mark a request as coming from our own pages. */
export function fromOwnPage(url: string): Record<string, string> {
  return { origin: url, "sec-fetch-site": "same-origin" };
}
