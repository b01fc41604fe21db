import { afterEach, expect, it, vi } from "vitest";
import { askServer } from "./ask-server";

afterEach(() => vi.unstubAllGlobals());

const up = () => Response.json({ status: "up" });
const down = () => Response.json({ status: "down" }, { status: 503 });
const page = (status: number) => () => new Response("<h1>Back soon</h1>", { status });
const nothing = () => Promise.reject(new TypeError("Failed to fetch"));

/** `build`: the answer for a file of this page's build. */
it.each<[state: string, health: string, build: string, () => unknown, () => unknown]>([
  ["ready", "is up", "is there", up, page(200)],
  ["updated", "is up", "is not there", up, page(404)],
  ["ready", "is kept from browsers by 401", "is there", page(401), page(200)],
  ["ready", "is kept from browsers by 403", "is there", page(403), page(200)],
  ["ready", "is kept from browsers by 404", "is there", page(404), page(200)],
  ["updated", "is kept from browsers by 404", "is not there", page(404), page(404)],
  ["away", "is down, like the database", "is there", down, page(200)],
  ["away", "is a page of a proxy", "is one too", page(200), page(200)],
  ["away", "is a proxy's error", "is one too", page(502), page(502)],
  ["away", "is kept from browsers by 403", "is a proxy's error", page(403), page(502)],
  ["away", "is up", "is a proxy's error", up, page(502)],
  ["away", "is up", "has no answer", up, nothing],
  ["away", "has no answer", "is there", nothing, page(200)],
])(
  "Gatehouse is %s when its health %s and the page's build %s",
  async (state, _health, _build, health, build) => {
    vi.stubGlobal("fetch", async (url: string) => (url === "/api/health" ? health() : build()));
    expect(await askServer()).toBe(state);
  },
);
