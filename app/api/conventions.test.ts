import { describe, expect, it } from "vitest";
import { contracts } from "@/app/api/contracts";
import { conventions } from "@/app/api/conventions";
import { apiDocumentForPrograms } from "@/app/api/document";
import { restErrors } from "@/lib/request/rest-errors";

const text = conventions
  .map((convention) => [convention.text, ...(convention.points ?? [])].join("\n"))
  .join("\n");

describe("the conventions", () => {
  it("say what to do about every errorCode, and list no others", () => {
    const documented = [...text.matchAll(/^`(\d+)`:/gm)].map(([, code]) => Number(code));
    const known = Object.values(restErrors).map(({ errorCode }) => errorCode);
    expect(documented.toSorted()).toEqual([...new Set(known)].toSorted());
  });

  it("name only calls that exist", () => {
    const named = text.match(/(?:GET|POST) \/api\/[^`]+/g) ?? [];
    const calls = contracts.map(({ method, path }) => `${method} ${path}`);
    expect(named).not.toEqual([]);
    expect(calls).toEqual(expect.arrayContaining(named));
  });

  it("name each status that any call may be refused with", () => {
    const { Refused } = apiDocumentForPrograms("https://a.example").components.responses;
    const examples = Object.values(Refused.content?.["application/json"]?.examples ?? {});
    expect(examples).not.toEqual([]);
    for (const { value } of examples) expect(text).toContain(String(Object(value).status));
  });

  it("are part of the document", () => {
    const { description } = apiDocumentForPrograms("https://a.example").info;
    for (const { title, text: said } of conventions) expect(description).toContain(`## ${title}\n\n${said}`);
  });
});
