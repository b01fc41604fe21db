import { expect, it, vi } from "vitest";
import { databaseState } from "@/lib/core/db";
import { GET } from "./route";

vi.mock("next/server", () => ({ connection: async () => undefined }));
vi.mock("@/lib/core/db", () => ({ databaseState: vi.fn() }));

const context = { params: Promise.resolve({}) };

it.each<[string, () => ReturnType<typeof databaseState>, number, object]>([
  ["can be written", async () => "up", 200, { status: "up", database: "up" }],
  ["cannot be written", async () => "read-only", 503, { status: "down", database: "read-only" }],
  ["has no tables", async () => "empty", 503, { status: "down", database: "empty" }],
  ["is away", () => Promise.reject(new Error("away")), 503, { status: "down", database: "down" }],
  ["does not answer", () => new Promise(() => undefined), 503, { status: "down", database: "down" }],
])("a database that %s is told in time, and not kept by a cache", async (_what, answer, status, body) => {
  vi.mocked(databaseState).mockImplementation(answer);
  const response = await GET(new Request("http://localhost:3000/api/health"), context);
  expect([response.status, response.headers.get("cache-control")]).toEqual([status, "no-store"]);
  expect(await response.json()).toEqual(body);
});
