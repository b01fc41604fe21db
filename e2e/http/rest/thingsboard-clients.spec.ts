import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { expect, outcome, type RestTools, test } from "./rest-test";

/** One of ThingsBoard's clients, by the headers that it sends with every request, in its own spelling. */
type Client = Readonly<{
  headers: Record<string, string>;
  /** Its Content-Type for JSON, where that is not `application/json`. */
  contentType?: string;
  /** The header for the token; X-Authorization by default. */
  tokenIn?: "Authorization" | "X-Authorization";
  /** The headers of a POST without a body. */
  without?: Record<string, string>;
}>;

const clients: Record<string, Client> = {
  "Java's RestClient": {
    headers: {
      Accept: "application/json, application/*+json",
      "User-Agent": "Java/17.0.12",
      Connection: "keep-alive",
    },
    without: { "Content-Length": "0" },
  },
  "Java's generated client, which asks for HTTP/2": {
    headers: {
      Connection: "Upgrade, HTTP2-Settings",
      "HTTP2-Settings": "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
      Upgrade: "h2c",
      "User-Agent": "Java-http-client/17.0.12",
      Accept: "application/json",
    },
    tokenIn: "Authorization",
    without: { "Content-Length": "0" },
  },
  "Python's generated client": {
    headers: {
      "Accept-Encoding": "identity",
      Accept: "application/json",
      "User-Agent": "Swagger-Codegen/1.0.0/python",
    },
    without: { "Content-Type": "application/json", "Content-Length": "0" },
  },
  "Dart's client, which takes what is compressed": {
    headers: { "user-agent": "Dart/3.5 (dart:io)", "accept-encoding": "gzip" },
    contentType: "application/json; charset=utf-8",
    without: { "content-length": "0" },
  },
};

/** Settings as Java's client serialises an object that it has built: every field, with null for those not set. */
const settings = {
  passwordPolicy: {
    minimumLength: 6,
    maximumLength: 72,
    minimumUppercaseLetters: null,
    minimumLowercaseLetters: null,
    minimumDigits: null,
    minimumSpecialCharacters: null,
    allowWhitespaces: true,
    forceUserToResetPasswordIfNotValid: false,
    passwordExpirationPeriodDays: null,
    passwordReuseFrequencyDays: null,
  },
  maxFailedLoginAttempts: 5,
  userLockoutNotificationEmail: null,
  mobileSecretKeyLength: null,
  userActivationTokenTtl: 24,
  passwordResetTokenTtl: 24,
};

/** Makes a call as a client does, and checks the answer against the OpenAPI document. */
async function callAs(
  { rest, url }: RestTools,
  client: Client,
  call: { method: string; path: string; token?: string; body?: object; accept?: string },
) {
  const { method, path, token, accept } = call;
  const body = call.body && JSON.stringify(call.body);
  const { hostname, port, host } = new URL(url);
  const ofBody = body
    ? {
        "Content-Type": client.contentType ?? "application/json",
        "Content-Length": String(Buffer.byteLength(body)),
      }
    : method === "POST"
      ? client.without
      : {};
  const headers = {
    Host: host,
    ...client.headers,
    ...(accept && { Accept: accept }),
    ...(token && { [client.tokenIn ?? "X-Authorization"]: `Bearer ${token}` }),
    ...ofBody,
  };
  if (token) rest.keepSecret(token);
  const got = await new Promise<Parameters<typeof rest.read>[2]>((resolve, reject) => {
    const going = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const named = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const bytes = Buffer.concat(chunks);
        const isGzipped = response.headers["content-encoding"] === "gzip";
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(named),
          body: (isGzipped ? gunzipSync(bytes) : bytes).toString("utf8"),
        });
      });
    });
    going.on("error", reject).end(body);
  });
  return rest.read(method, path, got);
}

for (const [name, client] of Object.entries(clients)) {
  test(`${name} does all that it does`, async ({ tools }) => {
    const { email: username, password } = await tools.arrange("makeUser", { authority: "SYS_ADMIN" });
    const as = (call: Parameters<typeof callAs>[2]) => callAs(tools, client, call);
    const pair = await as({ method: "POST", path: "/api/auth/login", body: { username, password } });
    expect(outcome(pair)).toEqual([200, null]);
    const { refreshToken } = pair.json;
    const next = await as({ method: "POST", path: "/api/auth/token", body: { refreshToken } });
    expect(outcome(next)).toEqual([200, null]);
    const token = String(next.json.token);

    const server = await as({ method: "GET", path: "/api/system/info", token });
    const [major = 0, minor = 0] = String(server.json.version).split(".").map(Number);
    expect(major * 100 + minor, "else Dart's logs out again").toBeGreaterThanOrEqual(308);
    const me = await as({ method: "GET", path: "/api/auth/user", token });
    expect(me.json).toMatchObject({ email: username, authority: "SYS_ADMIN" });
    const saved = await as({ method: "POST", path: "/api/admin/securitySettings", token, body: settings });
    expect(saved.json).toMatchObject({ mobileSecretKeyLength: 64, passwordPolicy: { minimumDigits: 0 } });

    const invited = { email: `of-${username}`, authority: "TENANT_ADMIN", firstName: null, id: null };
    const path = "/api/user?sendActivationMail=false";
    const user = await as({ method: "POST", path, token, body: invited });
    const { id } = Object(user.json.id);
    const link = await as({
      method: "GET",
      path: `/api/user/${id}/activationLink`,
      token,
      accept: "text/plain",
    });
    const [, activateToken = ""] = link.body.split("/api/noauth/activate?activateToken=");
    const activation = { activateToken, password: "correct horse battery" };
    const activated = await as({
      method: "POST",
      path: "/api/noauth/activate?sendActivationMail=true",
      token,
      body: activation,
    });
    expect(outcome(activated)).toEqual([200, null]);
    const off = `/api/user/${id}/userCredentialsEnabled?userCredentialsEnabled=false`;
    expect(outcome(await as({ method: "POST", path: off, token }))).toEqual([200, null]);
    const told = await as({ method: "GET", path: "/api/auth/user", token: String(activated.json.token) });
    expect(outcome(told), "what has clients refresh").toEqual([401, 11]);

    const deepLink = await as({
      method: "GET",
      path: "/api/mobile/qr/deepLink",
      token,
      accept: "text/plain, application/json",
    });
    expect(deepLink.headers["content-type"], "else Java throws").toMatch(/^text\/plain;/);
    tools.rest.keepSecret(new URL(JSON.parse(deepLink.body)).searchParams.get("secret") ?? "");
    expect(outcome(await as({ method: "DELETE", path: `/api/user/${id}`, token }))).toEqual([200, null]);

    const left = await as({ method: "POST", path: "/api/auth/logout", token });
    expect([left.status, left.headers["content-length"], left.body]).toEqual([200, "0", ""]);
    expect(outcome(await as({ method: "GET", path: "/api/auth/user", token }))).toEqual([401, 11]);
  });
}
