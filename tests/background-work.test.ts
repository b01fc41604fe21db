import { afterEach, expect, it, vi } from "vitest";
import { register } from "@/instrumentation";
import { readSources } from "./architecture/sources";

const begun = vi.hoisted(() => [] as string[]);
vi.mock("@/lib/core/background", () => {
  const begin = (name: string) => begun.push(name);
  return { repeatInBackground: begin, repeatEvery: begin };
});

afterEach(() => vi.unstubAllEnvs());

/** The names of all background work in the sources. */
function everyWork(): string[] {
  const texts = Object.entries(readSources()).flatMap(([path, text]) =>
    path.startsWith("lib/") && !path.endsWith(".test.ts") ? [text] : [],
  );
  return texts.flatMap((text) =>
    [...text.matchAll(/\brepeat(?:InBackground|Every)\("([\w-]+)"/g)].map(([, name = ""]) => name),
  );
}

it("a server begins all the work that there is beside the requests, and a build none", async () => {
  vi.stubEnv("NEXT_RUNTIME", "nodejs");
  vi.stubEnv("NEXT_PHASE", "phase-production-build");
  await register();
  expect(begun).toEqual([]);
  vi.stubEnv("NEXT_PHASE", undefined);
  await register();
  expect(begun.length).toBeGreaterThan(5);
  expect(begun.sort()).toEqual(everyWork().sort());
});
