import { expect, it } from "vitest";
import type { AuditQuery } from "@/lib/audit/schema";
import { auditAddress, auditExportAddress, countFilters } from "./audit-address";

const since = "2026-03-01T12:00:00.000Z";
const until = "2026-03-02T12:00:00.000Z";

it.each<[AuditQuery, string, number]>([
  [{}, "/audit", 0],
  [{ after: "1-2" }, "/audit?after=1-2", 0],
  [{ from: "2026-03-01" }, "/audit?from=2026-03-01&zone=UTC", 1],
  [{ zone: "Europe/Berlin" }, "/audit", 0],
  [{ since }, "/audit?since=2026-03-01T12%3A00%3A00.000Z", 1],
  [{ address: "2001:db8::1" }, "/audit?address=2001%3Adb8%3A%3A1", 1],
  [{ until }, "/audit?until=2026-03-02T12%3A00%3A00.000Z", 1],
  [
    { kind: "login-failed", person: "ada", since, until, after: "1-2" },
    "/audit?kind=login-failed&person=ada&since=2026-03-01T12%3A00%3A00.000Z&until=2026-03-02T12%3A00%3A00.000Z&after=1-2",
    4,
  ],
])("the address of %j keeps every filter, and the cursor", (query, address, filters) => {
  expect(auditAddress(query)).toBe(address);
  expect(countFilters(query)).toBe(filters);
});

it("the address of the file keeps every filter, and no cursor", () => {
  const query: AuditQuery = { kind: "login-failed", from: "2026-03-01", zone: "Europe/Berlin", after: "1-2" };
  expect(auditExportAddress(query)).toBe(
    "/audit/export?kind=login-failed&from=2026-03-01&zone=Europe%2FBerlin",
  );
});
