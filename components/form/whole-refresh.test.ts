import { afterEach, beforeEach, expect, it, vi } from "vitest";

const PAGE = "https://gate.example.org/users?search=ada";

const headers = { "content-type": "text/x-component" };
const whole = () => new Response("data", { headers });
const lost = () => Promise.reject(new TypeError("Failed to fetch"));
const cut = () =>
  new Response(new ReadableStream({ start: (stream) => stream.error(new Error()) }), { headers });
const proxys = () => new Response("<h1>Bad Gateway</h1>", { status: 502 });
const refused = () => new Response("<h1>Forbidden</h1>", { status: 403 });
const gone = () => new Response("No such user", { status: 404, headers });

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal("location", { href: PAGE });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Refreshes, and asks for `address` as Next's router does. `answers`: what arrives, one after the other. */
async function ask(address: string, answers: (() => Response | Promise<Response>)[], init: RequestInit = {}) {
  vi.stubGlobal("window", { fetch: async () => answers.shift()?.() });
  const { refreshWhole } = await import("./whole-refresh");
  const answer = new Promise<Response>((resolve, reject) => {
    const refresh = () =>
      void window.fetch(new URL(address), { ...init, headers: { rsc: "1" } }).then(resolve, reject);
    refreshWhole({ refresh });
  });
  answer.catch(() => {});
  await vi.runAllTimersAsync();
  return (await answer).text();
}

it.each([
  ["whole", [whole], "data"],
  ["lost", [lost, lost, whole], "data"],
  ["cut", [cut, whole], "data"],
  ["a proxy's", [proxys, whole], "data"],
  ["that the page is gone", [gone], "No such user"],
  ["a proxy's refusal", [refused, whole], "<h1>Forbidden</h1>"],
])(
  "a refresh whose answer is %s gets one that is whole, and no proxy's failure",
  async (_what, answers, text) => {
    expect(await ask(`${PAGE}&_rsc=1`, answers)).toBe(text);
  },
);

it("leaves requests for other pages alone", async () => {
  await expect(ask("https://gate.example.org/users?search=bob&_rsc=1", [lost, whole])).rejects.toThrow(
    "Failed",
  );
});

it("does not ask again for what was aborted", async () => {
  await expect(ask(`${PAGE}&_rsc=1`, [lost, whole], { signal: AbortSignal.abort() })).rejects.toThrow(
    "Failed",
  );
});
