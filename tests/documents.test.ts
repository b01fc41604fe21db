import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { envNames } from "@/lib/core/env";
import { readSources } from "./architecture/sources";

const documents = [
  "README.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** The relative targets of a document's links, and the source files that it names, from the project's root. */
function referencesOf(document: string): string[] {
  const text = readFileSync(document, "utf8");
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) =>
    join(dirname(document), target),
  );
  const files = [...text.matchAll(/`([\w-]+\/[\w()/.[\]-]+\.(?:tsx?|m?js|css|prisma|sql))`/g)].map(
    ([, path = ""]) => path,
  );
  return [...links, ...files];
}

describe.each(documents)("%s", (document) => {
  it("refers to files that exist", () => {
    expect(referencesOf(document).filter((path) => !existsSync(path))).toEqual([]);
  });
});

it("README.md has a line for each environment variable", () => {
  const named = readFileSync("README.md", "utf8").matchAll(/^\| `([A-Z_]+)`/gm);
  expect([...named].map(([, name = ""]) => name).toSorted()).toEqual([...envNames].toSorted());
});

it("each decision that the code refers to exists", () => {
  const decisions = new Set(documents.flatMap((name) => /decisions\/(\d{4})/.exec(name)?.[1] ?? []));
  const missing = Object.entries(readSources()).flatMap(([path, text]) =>
    [...text.matchAll(/docs\/decisions\/(\d{4})/g)]
      .filter(([, number = ""]) => !decisions.has(number))
      .map(([reference]) => `${path}: ${reference}`),
  );
  expect(decisions.size).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});
