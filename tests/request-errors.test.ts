import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { onRequestError } from "@/instrumentation";
import { Refusal } from "@/lib/core/errors";
import { log } from "@/lib/core/log";

type Line = { level: string; event: string };

/** What is logged when the page of the users fails while it renders. */
async function loggedFor(error: Error): Promise<Line[]> {
  const said: Line[] = [];
  for (const level of ["info", "warn", "error"] as const)
    vi.spyOn(log(), level).mockImplementation((line: unknown) => said.push({ level, ...Object(line) }));
  await onRequestError(
    error,
    { path: "/users", method: "GET", headers: { "x-request-id": "7" } },
    {
      routerKind: "App Router",
      routePath: "/(console)/users",
      routeType: "render",
      renderSource: "react-server-components",
      revalidateReason: undefined,
    },
  );
  return said;
}

beforeEach(() => void vi.stubEnv("NEXT_RUNTIME", "nodejs"));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("a page that waits behind too many others is reported as that, and not as a fault", async () => {
  const refused = Object.assign(new Refusal("overloaded", 5), { digest: "12" });
  expect(await loggedFor(refused)).toEqual([
    {
      level: "warn",
      event: "list-overloaded",
      requestId: "7",
      routePath: "/(console)/users",
      digest: "12",
    },
  ]);
});

it.each([new Error("x"), new Refusal("forbidden"), Object.assign(new Error("x"), { code: "overloaded" })])(
  "any other error of a page is a fault: %s",
  async (err) => {
    expect(await loggedFor(err)).toMatchObject([
      { level: "error", event: "request-failed", requestId: "7", method: "GET", err },
    ]);
  },
);
