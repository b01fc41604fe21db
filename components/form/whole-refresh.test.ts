import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ASK_AGAIN_MS } from "./ask-server";

const PAGE = "https://gate.example.org/users?search=ada";

const headers = { "content-type": "text/x-component" };
const whole = () => new Response("data", { headers });
const lost = () => Promise.reject(new TypeError("Failed to fetch"));
const cut = () =>
  new Response(new ReadableStream({ start: (stream) => stream.error(new Error()) }), { headers });
const proxys = () => new Response("<h1>Bad Gateway</h1>", { status: 502 });
const refused = () => new Response("<h1>Forbidden</h1>", { status: 403 });
const failed = () => new Response("It failed", { status: 500, headers });
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

/** Refreshes, and asks as Next's router does for `address`. `answers`: what arrives, one after the other. */
async function ask(
  address: URL | string,
  answers: (() => Response | Promise<Response>)[],
  init: RequestInit = {},
) {
  vi.stubGlobal("window", { fetch: async () => answers.shift()?.() });
  const { refreshWhole } = await import("./whole-refresh");
  const answer = new Promise<Response>((resolve, reject) => {
    const refresh = () =>
      void window.fetch(address, { headers: { rsc: "1" }, ...init }).then(resolve, reject);
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
  ["that the page failed", [failed, whole], "It failed"],
  ["a proxy's refusal", [refused, whole], "<h1>Forbidden</h1>"],
])(
  "a refresh whose answer is %s gets one that is whole, and no proxy's failure",
  async (_what, answers, text) => {
    const [begun, given] = [Date.now(), answers.length];
    expect(await ask(new URL(`${PAGE}&_rsc=1`), answers)).toBe(text);
    const asked = given - answers.length;
    expect(Date.now() - begun).toBe((asked - 1) * ASK_AGAIN_MS);
  },
);

it.each<[string, URL | string, RequestInit?]>([
  ["another page", new URL("https://gate.example.org/audit?search=ada&_rsc=1")],
  ["another search", new URL("https://gate.example.org/users?search=bob&_rsc=1")],
  ["what is no page’s data", new URL(PAGE), { headers: {} }],
  ["an action, which must not be done twice", PAGE, { method: "POST" }],
])("does not ask again for %s", async (_what, address, init) => {
  await expect(ask(address, [lost, whole], init)).rejects.toThrow("Failed");
});

it("does not ask again for what was aborted", async () => {
  await expect(
    ask(new URL(`${PAGE}&_rsc=1`), [lost, whole], { signal: AbortSignal.abort() }),
  ).rejects.toThrow("Failed");
});

it("replaces the browser's fetch once, however often there is a refresh", async () => {
  vi.stubGlobal("window", { fetch: async () => whole() });
  const { refreshWhole } = await import("./whole-refresh");
  refreshWhole({ refresh: () => {} });
  const { fetch } = window;
  refreshWhole({ refresh: () => {} });
  expect(window.fetch).toBe(fetch);
});
