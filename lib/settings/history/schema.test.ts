import { describe, expect, it } from "vitest";
import { comparisonQuerySchema, historyQuerySchema, revisionNameSchema, revisionSchema } from "./schema";

describe("historyQuerySchema", () => {
  it.each<[string, unknown, object]>([
    [
      "takes what it understands",
      { panel: "jwt", after: "1764150000000-jwt.7" },
      { panel: "jwt", after: "1764150000000-jwt.7" },
    ],
    ["takes an empty form for no filter", { panel: "" }, {}],
    ["ignores the mail panel, which has no history", { panel: "mail", after: "1-mail.7" }, {}],
    ["ignores what is given twice", { panel: ["jwt", "general"], after: ["1-jwt.7", "1-jwt.6"] }, {}],
    ["ignores a cursor that is none", { after: "1-jwt.07" }, {}],
    ["ignores another list's cursor", { after: "1764150000000-12" }, {}],
  ])("%s", (_name, input, query) => {
    expect(historyQuerySchema.parse(input)).toEqual(query);
  });
});

describe("revisionNameSchema", () => {
  it.each([
    ["general.7", { panel: "general", version: 7 }],
    ["password.0", { panel: "password", version: 0 }],
    ["jwt.2147483647", { panel: "jwt", version: 2_147_483_647 }],
  ])("reads %s", (name, revision) => {
    expect(revisionNameSchema.parse(name)).toEqual(revision);
  });

  it.each([
    "",
    "general",
    "general.",
    ".7",
    "general.7.1",
    "general.07",
    "general.-7",
    "general.7 ",
    "general.7\n",
    "general.1e3",
    "general.٧",
    "jwt.2147483648",
    "mail.7",
    "constructor.7",
    "General.7",
    `general.${"7".repeat(100_000)}`,
    ["general.7", "general.6"],
    7,
    null,
    undefined,
    {},
  ])("refuses %j", (name) => {
    expect(revisionNameSchema.safeParse(name).success).toBe(false);
  });
});

describe("revisionSchema", () => {
  it.each([
    ["mail", "1"],
    ["__proto__", "1"],
    ["general", "x"],
    ["general", "2147483648"],
    ["general", "1/2"],
  ])("refuses %s/%s", (panel, version) => {
    expect(revisionSchema.safeParse({ panel, version }).success).toBe(false);
  });
});

describe("comparisonQuerySchema", () => {
  it.each([
    [
      { with: "0", only: "differences" },
      { with: 0, only: "differences" },
    ],
    [{ with: "-1", only: "all" }, {}],
    [{ with: ["1", "2"], only: ["differences", "differences"] }, {}],
  ])("reads %j as %j", (input, query) => {
    expect(comparisonQuerySchema.parse(input)).toEqual(query);
  });
});
