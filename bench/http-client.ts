import { Agent, type IncomingHttpHeaders, request } from "node:http";

const TIMEOUT_MS = 20_000;

export type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>;
export type Ask = Readonly<{ method?: string; headers?: Record<string, string>; body?: Buffer }>;

/** Sends requests to a server on loopback over keep-alive connections. `fetch` would take more CPU from the servers. */
export type HttpClient = Readonly<{
  origin: string;
  ask: (path: string, what?: Ask) => Promise<Answer>;
  close: () => void;
}>;

/** Creates a client of the server on a port; `parallel` is how many connections it may open. */
export function httpClient(port: number, parallel = 1): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const ask = (path: string, { method = "GET", headers = {}, body }: Ask = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const length = body ? { "content-length": String(body.length) } : {};
      const outgoing = request(
        {
          host: "127.0.0.1",
          port,
          path,
          method,
          agent,
          timeout: TIMEOUT_MS,
          headers: { ...headers, ...length },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`${path} gave no answer in time.`)));
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  return { origin: `http://127.0.0.1:${port}`, ask, close: () => agent.destroy() };
}
