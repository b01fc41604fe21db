import { afterEach, describe, expect, it, vi } from "vitest";
import { addressOf, sendTrial, type Trial } from "./trial";

const trial: Trial = { method: "GET", path: "/api/x", parameters: [] };
const answerWith = (answer: () => Promise<Response>) => vi.stubGlobal("fetch", vi.fn(answer));
afterEach(() => vi.unstubAllGlobals());

describe("addressOf", () => {
  it("stays on its path, whatever is filled in", () => {
    const parameters = [
      { name: "id", in: "path", value: "../../a?b#c/d" },
      { name: "page", in: "query", value: "0&x=1" },
      { name: "textSearch", in: "query", value: "" },
    ] as const;
    expect(addressOf({ path: "/api/user/{id}/x", parameters })).toBe(
      "/api/user/..%2F..%2Fa%3Fb%23c%2Fd/x?page=0%26x%3D1",
    );
  });
});

describe("sendTrial", () => {
  it.each(["{oops", ""])("sends the token and the text as it stands, and no cookie: %j", async (body) => {
    answerWith(async () => Response.json({}));
    await sendTrial({ ...trial, method: "POST", body, token: "a.b.c" });
    expect(fetch).toHaveBeenCalledWith(
      "/api/x",
      expect.objectContaining({
        body,
        credentials: "omit",
        headers: { "X-Authorization": "Bearer a.b.c", "Content-Type": "application/json" },
      }),
    );
  });

  it("follows no redirect: the page behind it is not what the call answered", async () => {
    answerWith(async () => Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" }));
    expect(await sendTrial(trial)).toEqual({ kind: "redirect", ms: expect.any(Number) });
    expect(fetch).toHaveBeenCalledWith("/api/x", expect.objectContaining({ redirect: "manual" }));
  });

  it("formats JSON, and finds the pair of tokens in it", async () => {
    answerWith(async () =>
      Response.json({ token: "a", refreshToken: "b" }, { headers: { "x-request-id": "7" } }),
    );
    expect(await sendTrial(trial)).toMatchObject({
      kind: "answer",
      status: 200,
      headers: [
        ["content-type", "application/json"],
        ["x-request-id", "7"],
      ],
      text: '{\n  "token": "a",\n  "refreshToken": "b"\n}',
      isJson: true,
      pair: { token: "a", refreshToken: "b" },
    });
  });

  it("recognises JSON that a call sends as text", async () => {
    answerWith(
      async () => new Response('"https://a.example"', { headers: { "content-type": "text/plain" } }),
    );
    expect(await sendTrial(trial)).toMatchObject({ text: '"https://a.example"', isJson: true });
  });

  it("takes no tokens out of a refusal", async () => {
    answerWith(async () => Response.json({ token: "a", refreshToken: "b" }, { status: 401 }));
    expect(await sendTrial(trial)).toMatchObject({ status: 401, pair: null });
  });

  it.each([
    ["a proxy's page", "<h1>502</h1>", "text/html"],
    ["broken JSON", '{"a":', "application/json"],
    ["nothing", "", "text/plain"],
  ])("shows %s as it came", async (_name, text, type) => {
    answerWith(async () => new Response(text, { status: 503, headers: { "content-type": type } }));
    expect(await sendTrial(trial)).toMatchObject({ status: 503, text, isJson: false });
  });

  it("distinguishes an unreachable server from one that does not answer", async () => {
    answerWith(() => Promise.reject(new TypeError("Failed to fetch")));
    expect(await sendTrial(trial)).toEqual({ kind: "unreachable" });
    vi.spyOn(AbortSignal, "timeout").mockReturnValueOnce(AbortSignal.abort());
    expect(await sendTrial(trial)).toEqual({ kind: "silent", seconds: 30 });
  });
});
