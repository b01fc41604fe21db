import { describe, expect, it } from "vitest";
import { EnvError, envNames, parseEnv } from "./env";

const KEY = Buffer.alloc(32, 7);
/** A key whose Base64 begins with hex digits, may end with them, and has characters that differ in URLs. */
const mixedKey = (length: number) => Buffer.alloc(length, "abcd+/8A", "base64");
const inUrls = (base64: string) => base64.replaceAll("+", "-").replaceAll("/", "_");
const DATABASE_URL = "postgresql://gatehouse:hunter2@db.example:5432/gatehouse";

function problems(source: Record<string, string>): readonly string[] {
  try {
    parseEnv(source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}

describe("parseEnv", () => {
  it("has a safe default for everything", () => {
    expect(parseEnv({})).toEqual({
      PORT: 3000,
      HOST: "127.0.0.1",
      BASE_URL: "http://localhost:3000",
      DATA_DIR: ".data",
      TRUST_PROXY: 0,
      LOG_LEVEL: "info",
    });
  });

  it("is frozen", () => {
    expect(Object.isFrozen(parseEnv({}))).toBe(true);
  });

  it("takes an empty value as unset", () => {
    expect(parseEnv({ PORT: "", DATABASE_URL: " ", SECRET_KEY: "" })).toEqual(parseEnv({}));
  });

  it("leaves out what is around a value", () => {
    expect(parseEnv({ DATA_DIR: " /srv/gate's\n", SECRET_KEY: `${KEY.toString("hex")}\n` })).toMatchObject({
      DATA_DIR: "/srv/gate's",
      SECRET_KEY: KEY,
    });
  });

  it("builds the default BASE_URL from the port", () => {
    expect(parseEnv({ PORT: "8080" }).BASE_URL).toBe("http://localhost:8080");
  });

  it("reads every name", () => {
    const source = {
      PORT: "65535",
      HOST: "::",
      BASE_URL: "HTTPS://ID.Example.com/",
      DATA_DIR: "/srv/gatehouse",
      DATABASE_URL,
      SECRET_KEY: KEY.toString("base64"),
      NEW_SECRET_KEY: Buffer.alloc(32, 8).toString("hex"),
      ADMIN_EMAIL: "ada@example.com",
      ADMIN_PASSWORD: " kept as it is ",
      SMTP_URL: "smtps://user:pass@mail.example:465",
      MAIL_FROM: "Gatehouse <gatehouse@example.com>",
      TRUST_PROXY: "2",
      LOG_LEVEL: "debug",
    };
    expect(Object.keys(source).sort()).toEqual([...envNames].sort());
    expect(parseEnv(source)).toEqual({
      ...source,
      PORT: 65_535,
      BASE_URL: "https://id.example.com",
      SECRET_KEY: KEY,
      NEW_SECRET_KEY: Buffer.alloc(32, 8),
      TRUST_PROXY: 2,
    });
  });

  it.each(["\n", "\r\n", "\r", "\n\n"])(
    "takes ADMIN_PASSWORD without %j at its end, which nobody could type",
    (end) => {
      const given = { ADMIN_EMAIL: "ada@example.com", ADMIN_PASSWORD: ` a secret of a file ${end}` };
      expect(parseEnv(given).ADMIN_PASSWORD).toBe(" a secret of a file ");
    },
  );

  it.each<[string, (key: Buffer) => string]>([
    ["hex", (key) => key.toString("hex")],
    ["hex in capitals", (key) => key.toString("hex").toUpperCase()],
    ["Base64", (key) => key.toString("base64")],
    ["URL-safe Base64", (key) => inUrls(key.toString("base64"))],
    ["the same without padding", (key) => key.toString("base64url")],
  ])("takes SECRET_KEY as %s, however it is padded", (_kind, write) => {
    for (const key of [32, 33, 34].map(mixedKey))
      expect(parseEnv({ SECRET_KEY: write(key) }).SECRET_KEY).toEqual(key);
  });

  it.each([
    ["true", 1],
    ["false", 0],
    ["0", 0],
    ["10", 10],
  ])("takes TRUST_PROXY=%s as %i", (text, proxies) => {
    expect(parseEnv({ TRUST_PROXY: text }).TRUST_PROXY).toBe(proxies);
  });

  it.each(["Gate-1.example.org", "2001:DB8::fe01", "::ffff:192.0.2.1"])("takes HOST=%s", (HOST) => {
    expect(parseEnv({ HOST }).HOST).toBe(HOST);
  });

  it("takes every ADMIN_EMAIL with which one can log in", () => {
    const ADMIN_EMAIL = "ada@xn--e1afmkfd.xn--p1ai";
    expect(parseEnv({ ADMIN_EMAIL }).ADMIN_EMAIL).toBe(ADMIN_EMAIL);
  });

  it.each([
    ["PORT", "0"],
    ["PORT", "65536"],
    ["PORT", "80a"],
    ["PORT", "３０００"],
    ["PORT", "-1"],
    ["HOST", "http://x"],
    ["BASE_URL", "id.example.com"],
    ["BASE_URL", "ftp://id.example.com"],
    ["BASE_URL", "https://id.example.com/console"],
    ["BASE_URL", "https://user@id.example.com"],
    ["BASE_URL", "https://:password@id.example.com"],
    ["BASE_URL", "https://id.example.com?x"],
    ["BASE_URL", "https://id.example.com#x"],
    ["DATA_DIR", "a\0b"],
    ["DATA_DIR", "'/srv/gatehouse'"],
    ["DATA_DIR", '"/srv/gatehouse"'],
    ["SECRET_KEY", KEY.subarray(1).toString("base64")],
    ["SECRET_KEY", "not Base64 at all, but long enough to be a key of 32 bytes if it were"],
    ["ADMIN_EMAIL", "ada"],
    ["ADMIN_EMAIL", "ada@example.com\r\nBcc: eve@example.com"],
    ["ADMIN_EMAIL", `${"a".repeat(300)}@example.com`],
    ["SMTP_URL", "mail.example:25"],
    ["SMTP_URL", "http://mail.example"],
    ["SMTP_URL", "smtp://gatehouse:50%off@mail.example"],
    ["SMTP_URL", "smtp://50%off:x@mail.example"],
    ["SMTP_URL", "smtp://a%4:1@mail.example"],
    ["SMTP_URL", "smtp://mail.example?tls=startls"],
    ["SMTP_URL", "smtp://mail.example?tls=STARTTLS"],
    ["SMTP_URL", "smtp://mail.example?TLS=starttls"],
    ["SMTP_URL", "smtp://mail.example?requireTLS=true"],
    ["SMTP_URL", "smtp://"],
    ["MAIL_FROM", "a@example.com, b@example.com"],
    ["MAIL_FROM", "a,b@example.com"],
    ["MAIL_FROM", "a b@example.com"],
    ["MAIL_FROM", "a@b@example.com"],
    ["MAIL_FROM", "<a@example.com"],
    ["MAIL_FROM", "@example.com"],
    ["MAIL_FROM", "a@"],
    ["MAIL_FROM", "A <@example.com>"],
    ["MAIL_FROM", "A <a@>"],
    ["MAIL_FROM", "a@example.com;example.org"],
    ["MAIL_FROM", "A\r\nBcc: x <a@example.com>"],
    ["MAIL_FROM", "a@example.com>"],
    ["MAIL_FROM", "A <a@example.com"],
    ["MAIL_FROM", `${"A".repeat(500)} <a@example.com>`],
    ["TRUST_PROXY", "yes"],
    ["TRUST_PROXY", "11"],
    ["TRUST_PROXY", "-1"],
    ["TRUST_PROXY", "1.5"],
    ["LOG_LEVEL", "loud"],
  ])("refuses %s=%j in one line", (name, value) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} must be .*\\.$`));
  });

  it.each(["smtp://a%40b:50%25off@mail.example", "smtp://mail.example?tls=starttls", "smtp://mail?tls=none"])(
    "takes SMTP_URL=%j",
    (SMTP_URL) => {
      expect(parseEnv({ SMTP_URL }).SMTP_URL).toBe(SMTP_URL);
    },
  );

  it("takes MAIL_FROM without a name", () => {
    expect(parseEnv({ MAIL_FROM: "gatehouse@example.com" }).MAIL_FROM).toBe("gatehouse@example.com");
  });

  it("names every wrong value at once", () => {
    expect(problems({ PORT: "x", LOG_LEVEL: "x", BASE_URL: "x" })).toHaveLength(3);
  });

  it("wants SECRET_KEY with DATABASE_URL", () => {
    expect(problems({ DATABASE_URL })).toEqual([expect.stringMatching(/^SECRET_KEY /)]);
  });

  it("wants ADMIN_EMAIL with ADMIN_PASSWORD", () => {
    expect(problems({ ADMIN_PASSWORD: "correct horse" })).toEqual([expect.stringMatching(/^ADMIN_EMAIL /)]);
  });

  it.each([
    "postgres://gatehouse:x@db.example/gatehouse",
    "postgresql://db.example/gatehouse",
    "postgresql://gatehouse@/gatehouse?host=/run/postgresql",
    // An abstract socket's name begins with an @.
    "postgresql:///gatehouse?host=@postgresql",
    "postgresql://gatehouse:x@db.example/gatehouse?application_name=gate@house",
    "postgresql://gatehouse:x,y@db.example/gate,house",
    "postgresql://gatehouse:x@db.example?application_name=gate,house",
    "postgresql://gatehouse:x@db.example?application_name=gate@house,london",
    "postgresql://gatehouse:x@db.example/gatehouse?ssl=true",
    "postgresql://gatehouse:x@db.example/gatehouse?sslrootcert=ca.crt",
    "postgresql://gatehouse:x@db.example/gatehouse?sslcert=client.crt",
    "postgresql://gatehouse:x@db.example/gatehouse?sslkey=client.key",
    "postgresql://gatehouse:x@db.example/gatehouse?schema=public",
    "postgresql://gatehouse:x@db.example/gatehouse?schema=public&sslmode=disable",
  ])("takes DATABASE_URL=%j", (DATABASE_URL) => {
    expect(parseEnv({ DATABASE_URL, SECRET_KEY: KEY.toString("hex") })).toMatchObject({ DATABASE_URL });
  });

  it.each([
    ["?sslmode=require", "?sslmode=verify-full"],
    ["?sslmode=prefer", "?sslmode=verify-full"],
    ["?a=b&sslmode=verify-ca&sslrootcert=ca.crt", "?a=b&sslmode=verify-full&sslrootcert=ca.crt"],
    ["?sslmode=no-verify", "?sslmode=no-verify"],
    ["?application_name=require&sslmode=disable", "?application_name=require&sslmode=disable"],
    ["?uselibpqcompat=true&sslmode=require", "?uselibpqcompat=true&sslmode=require"],
  ])("takes DATABASE_URL%s as %s", (given, meant) => {
    const SECRET_KEY = KEY.toString("hex");
    expect(parseEnv({ DATABASE_URL: DATABASE_URL + given, SECRET_KEY }).DATABASE_URL).toBe(
      DATABASE_URL + meant,
    );
  });

  it.each([
    "sslMode=verify-full",
    "SSLMODE=require",
    "ssl_mode=require",
    "sslaccept=strict",
    "a=b&sslmode=",
    "tls=1",
  ])("wants no %s in DATABASE_URL, with which the connection would not be encrypted", (query) => {
    const SECRET_KEY = KEY.toString("hex");
    expect(problems({ DATABASE_URL: `${DATABASE_URL}?${query}`, SECRET_KEY })).toEqual([
      expect.stringMatching(/^DATABASE_URL must ask for TLS with \?sslmode=verify-full/),
    ]);
    expect(parseEnv({ DATABASE_URL: `${DATABASE_URL}?${query}&sslmode=disable`, SECRET_KEY })).toBeDefined();
  });

  it.each(["?schema=own", "?sslmode=disable&schema=publicity"])(
    "wants no schema of its own in DATABASE_URL%s, which would be ignored",
    (query) => {
      expect(problems({ DATABASE_URL: DATABASE_URL + query, SECRET_KEY: KEY.toString("hex") })).toEqual([
        "DATABASE_URL must not name a schema: the tables are in public.",
      ]);
    },
  );

  it.each([
    "postgresql://gatehouse:x@one.example,two.example/gatehouse",
    "postgresql://gatehouse:x@one.example:5432,two.example:5432/gatehouse?target_session_attrs=read-write",
    "postgresql://gatehouse:x@/gatehouse?host=one.example,two.example",
    "postgresql://gatehouse:x@/gatehouse?sslmode=disable&host=one.example%2ctwo.example",
  ])("wants one host, not several as in %j", (DATABASE_URL) => {
    expect(problems({ DATABASE_URL, SECRET_KEY: KEY.toString("hex") })).toEqual([
      expect.stringMatching(/^DATABASE_URL must name one host: .* leads to the primary\.$/),
    ]);
  });

  it.each(["/", "?", "#", "1/", "1?", "1#", "x/"])("tells of a password that is cut off by its %j", (cut) => {
    const url = `postgresql://gatehouse:${cut}canary@db.example/gatehouse`;
    expect(problems({ DATABASE_URL: url, SECRET_KEY: KEY.toString("hex") })).toEqual([
      expect.stringMatching(/^DATABASE_URL (?!.*canary).*percent-encoded/),
    ]);
  });

  it("never repeats a secret", () => {
    const text = problems({
      DATABASE_URL: "mysql://root:canary@db/x",
      SMTP_URL: "http://user:canary@mail",
      SECRET_KEY: "canary",
      ADMIN_PASSWORD: "canary",
    }).join("\n");
    expect(text).toMatch(/DATABASE_URL/);
    expect(text).not.toMatch(/canary/);
  });
});
