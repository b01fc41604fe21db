import pino from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { log } from "./log";

process.env.LOG_LEVEL = "info";

let written: string;

beforeEach(() => {
  written = "";
  const { [pino.symbols.streamSym]: stream } = log() as unknown as Record<
    symbol,
    { write: (text: string) => void }
  >;
  if (!stream) throw new Error("The log writes to no stream.");
  vi.spyOn(stream, "write").mockImplementation((text) => {
    written += text;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

it("writes one line of JSON for each event, with its level and its time", () => {
  log().warn({ event: "told", text: "two\nlines" });
  log().debug({ event: "not-told" });
  expect(written).toMatch(/^\{[^\n]*\}\n$/);
  expect(JSON.parse(written)).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    event: "told",
    text: "two\nlines",
  });
});

it("writes no character that some readers of the line take for its end, or terminals for a command", () => {
  const text = "\u007f\u0085\u009b31m\u2028\u2029\u202e\u2066é";
  log().info({ event: "told", text });
  expect(written).toContain("\\u007f\\u0085\\u009b31m\\u2028\\u2029\\u202e\\u2066é");
  expect(JSON.parse(written)).toMatchObject({ text });
});

it("hides every value that is logged under the name of a secret", () => {
  const names = [
    "password",
    "currentPassword",
    "newPassword",
    "passwordHash",
    "token",
    "accessToken",
    "refreshToken",
    "resetToken",
    "secret",
    "signingKey",
    "sealedKey",
    "sealedPayload",
    "cookie",
    "authorization",
    "SECRET_KEY",
    "NEW_SECRET_KEY",
    "ADMIN_PASSWORD",
    "DATABASE_URL",
    "SMTP_URL",
  ];
  const canaries = Object.fromEntries(names.map((name) => [name, "canary"]));
  const line = { event: "told", ...canaries, body: canaries };
  log().info(line);
  const hidden = Object.fromEntries(names.map((name) => [name, "[secret]"]));
  expect(JSON.parse(written)).toMatchObject({ ...hidden, body: hidden });
  expect(written).not.toContain("canary");
});

it("has no name for a secret", () => {
  // @ts-expect-error: the compiler refuses whatever is not part of a `LogLine`.
  log().info({ event: "told", sessionCookie: "" });
  expect(JSON.parse(written)).toMatchObject({ event: "told" });
});

it("logs of an error what it is, and nothing that a driver has attached to it", () => {
  const cause = Object.assign(new Error("inner"), { code: "23505", detail: "canary" });
  const err = Object.assign(new TypeError("outer", { cause }), { parameters: ["canary"], query: "canary" });
  log().error({ event: "failed", err });
  const { err: told } = JSON.parse(written);
  expect(told).toEqual({
    name: "TypeError",
    message: "outer",
    stack: expect.stringContaining("log.test.ts"),
    cause: { name: "Error", message: "inner", code: "23505", stack: expect.any(String) },
  });
  expect(written).not.toContain("canary");
});

it("is the same in every bundle of the process, so that no line is written into the middle of another", async () => {
  vi.resetModules();
  const { log: ofAnotherBundle } = await import("./log");
  expect(ofAnotherBundle).not.toBe(log);
  expect(ofAnotherBundle()).toBe(log());
});
