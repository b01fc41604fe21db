import { expect, it, vi } from "vitest";
import { isDatabaseReadOnly } from "@/lib/core/db";
import { GET } from "./route";

vi.mock("next/server", () => ({ connection: async () => undefined }));
vi.mock("@/lib/core/db", () => ({ isDatabaseReadOnly: vi.fn() }));

const context = { params: Promise.resolve({}) };

it.each<[string, () => Promise<boolean>, number, object]>([
  ["can be written", async () => false, 200, { status: "up", database: "up" }],
  ["cannot be written", async () => true, 503, { status: "down", database: "read-only" }],
  ["is away", () => Promise.reject(new Error("away")), 503, { status: "down", database: "down" }],
  ["does not answer", () => new Promise(() => undefined), 503, { status: "down", database: "down" }],
])("a database that %s is told in time, and not kept by a cache", async (_what, answer, status, body) => {
  vi.mocked(isDatabaseReadOnly).mockImplementation(answer);
  const response = await GET(new Request("http://localhost:3000/api/health"), context);
  expect([response.status, response.headers.get("cache-control")]).toEqual([status, "no-store"]);
  expect(await response.json()).toEqual(body);
});
