import { describe, expect, it } from "vitest";
import { quoted } from "@/lib/core/text-search/rules";
import { type AuditQuery, auditQuerySchema } from "./schema";

const FIVE_LONGEST = quoted(...Array<string>(5).fill("x".repeat(254)));

describe("auditQuerySchema", () => {
  it.each<[string, unknown, AuditQuery]>([
    [
      "takes what it understands",
      {
        kind: "login-failed",
        person: " jane ",
        from: "2026-02-28",
        to: "2028-02-29",
        zone: "Asia/Tokyo",
        after: "1-2",
      },
      {
        kind: "login-failed",
        person: "jane",
        from: "2026-02-28",
        to: "2028-02-29",
        zone: "Asia/Tokyo",
        after: "1-2",
      },
    ],
    ["takes an empty form for no filter", { kind: "", person: "", from: "", to: "", zone: "" }, {}],
    ["takes a time zone as its users may write it", { zone: "europe/berlin" }, { zone: "Europe/Berlin" }],
    ["ignores a time zone that there is not", { zone: "Europe/Gatehouse" }, {}],
    ["ignores a time zone longer than any", { zone: "Etc/".padEnd(65, "x") }, {}],
    ["ignores a kind that there is not", { kind: "moon-landed" }, {}],
    ["ignores what is given twice", { kind: ["login-failed", "logged-out"], person: ["a", "b"] }, {}],
    ["ignores days that there are not", { from: "2026-02-29", to: "1899-12-31" }, {}],
    ["ignores days in another form", { from: "1.2.2026", to: "2026-02-01T00:00:00Z" }, {}],
    ["ignores control characters", { person: "jane\0", address: "203.0.113.7\0" }, {}],
    ["takes a network address", { address: " 2001:db8::1 " }, { address: "2001:db8::1" }],
    [
      "writes a network address as it is stored",
      { address: "2001:0DB8:0000:0000:0000:0000:0000:0001" },
      { address: "2001:db8::1" },
    ],
    ["ignores a network address longer than any", { address: "1".repeat(46) }, {}],
    [
      "takes the longest address in quotation marks",
      { person: `"${"x".repeat(254)}"` },
      { person: `"${"x".repeat(254)}"` },
    ],
    ["takes five of them", { person: FIVE_LONGEST }, { person: FIVE_LONGEST }],
    ["ignores text longer than those", { person: "x".repeat(1_286) }, {}],
    [
      "takes a span to the millisecond",
      { since: "2026-03-01T12:00:00.001Z", until: "9999-12-31T23:59:59.999Z" },
      { since: "2026-03-01T12:00:00.001Z", until: "9999-12-31T23:59:59.999Z" },
    ],
    ["ignores instants in another form", { since: "2026-03-01T12:00Z", until: "2026-03-01" }, {}],
    [
      "ignores instants with an offset, or given twice",
      { since: "2026-03-01T12:00:00.000+01:00", until: ["2026-03-01T12:00:00.000Z"] },
      {},
    ],
    [
      "ignores instants that there are not",
      { since: "2026-02-29T12:00:00.000Z", until: "0000-01-01T00:00:00.000Z" },
      {},
    ],
    ["ignores a cursor that is none", { after: "1-2-3" }, {}],
    ["ignores other names", { page: "2" }, {}],
  ])("%s", (_name, input, query) => {
    expect(auditQuerySchema.parse(input)).toEqual(query);
  });
});
