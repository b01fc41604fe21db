import { type Answer, type HttpClient, httpClient } from "./http-client";

export type TokenPair = Readonly<{ token: string; refreshToken: string }>;

/** A client of the running server's REST API, which is ThingsBoard's. Throws on any unexpected answer. */
export type RestClient = Readonly<{
  http: HttpClient;
  logIn: (username: string, password: string, headers?: Record<string, string>) => Promise<TokenPair>;
  /** Attempts a login, and expects it to be refused. */
  failToLogIn: (username: string, password: string) => Promise<void>;
  /** Attempts a login from a network address, and expects it to be refused, or turned away because too many wait. */
  failInCrowd: (address: string, username: string, password: string) => Promise<void>;
  refresh: (refreshToken: string) => Promise<TokenPair>;
  readUser: (token: string) => Promise<void>;
}>;

function expectStatus(status: number, what: string, answer: Answer): void {
  if (answer.status !== status)
    throw new Error(`${what} was answered with ${answer.status}: ${answer.body.toString("utf8")}`);
}

/** Creates a client of the server on a port, with up to `parallel` connections. */
export function restClient(port: number, parallel: number): RestClient {
  const http = httpClient(port, parallel);
  const post = (path: string, body: object, headers = {}) =>
    http.ask(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: Buffer.from(JSON.stringify(body)),
    });
  const pairOf = (what: string, answer: Answer): TokenPair => {
    expectStatus(200, what, answer);
    return JSON.parse(answer.body.toString("utf8")) as TokenPair;
  };
  return {
    http,
    logIn: async (username, password, headers) =>
      pairOf("A right login", await post("/api/auth/login", { username, password }, headers)),
    async failToLogIn(username, password) {
      expectStatus(401, "A wrong login", await post("/api/auth/login", { username, password }));
    },
    async failInCrowd(address, username, password) {
      const body = { username, password };
      const answer = await post("/api/auth/login", body, { "x-forwarded-for": address });
      if (answer.status !== 503) expectStatus(401, "A wrong login", answer);
    },
    refresh: async (refreshToken) => pairOf("A refresh", await post("/api/auth/token", { refreshToken })),
    async readUser(token) {
      const headers = { "x-authorization": `Bearer ${token}` };
      expectStatus(200, "GET /api/auth/user", await http.ask("/api/auth/user", { headers }));
    },
  };
}
