import { expect, it } from "vitest";
import type { AuditEntry } from "@/lib/audit/schema";
import { auditCsv, auditCsvHead } from "./csv";

const entry: AuditEntry = {
  id: "7",
  at: new Date("2026-03-01T12:00:00.250Z"),
  kind: "login-failed",
  actorEmail: "",
  subjectId: null,
  subjectEmail: "ada@example.org",
  address: "203.0.113.7",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64)",
  requestId: "0b5e",
  details: { reason: "wrong-password", attempt: 3 },
};

it("writes a line for each event, under the names of the columns", () => {
  expect(auditCsvHead() + auditCsv([entry, { ...entry, details: {} }])).toBe(
    [
      "\ufefftime,event,actor,subject,address,userAgent,requestId,details",
      '2026-03-01T12:00:00.250Z,login-failed,,ada@example.org,203.0.113.7,Mozilla/5.0 (X11; Linux x86_64),0b5e,"{""reason"":""wrong-password"",""attempt"":3}"',
      "2026-03-01T12:00:00.250Z,login-failed,,ada@example.org,203.0.113.7,Mozilla/5.0 (X11; Linux x86_64),0b5e,{}",
      "",
    ].join("\r\n"),
  );
});

it.each([
  ["a formula", '=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
  ["a sum", "+1+1", "'+1+1"],
  ["a command", "-2+3|cmd", "'-2+3|cmd"],
  ["a reference", "@SUM(A1)", "'@SUM(A1)"],
  ["a wide formula", "\uff1d1+1", "'\uff1d1+1"],
  ["a wide sum", "\uff0b1+1", "'\uff0b1+1"],
  ["a wide command", "\uff0d2+3|cmd", "'\uff0d2+3|cmd"],
  ["a wide reference", "\uff20SUM(A1)", "'\uff20SUM(A1)"],
  ["a formula behind blanks", "  =1+1", "'  =1+1"],
  ["a formula behind a semicolon, where some countries' spreadsheets begin a cell", "x;=1+1;", "x;'=1+1;"],
  ["a formula in each of several such cells", "=1+1;x;@SUM(A1)", "'=1+1;x;'@SUM(A1)"],
  ["a formula behind a semicolon and a blank", "bot/2; +http://bot.example", "bot/2;' +http://bot.example"],
  ["a formula behind a semicolon and a quotation mark", 'x;"=1+1;', `"x;'""=1+1;"`],
  ["a formula behind a character that cannot be seen", "\u200b=1+1", "\\u{200B}=1+1"],
  ["a line of its own", "x\r\nmallory,login-succeeded", '"x\\u{D}\\u{A}mallory,login-succeeded"'],
  ["text from right to left", "\u202egro.elpmaxe", "\\u{202E}gro.elpmaxe"],
  ["a quotation mark", 'a"b', '"a""b"'],
])("shows literally what a stranger typed: %s", (_what, typed, written) => {
  const line = auditCsv([{ ...entry, subjectEmail: typed, userAgent: typed }]);
  expect(line).toBe(
    `2026-03-01T12:00:00.250Z,login-failed,,${written},203.0.113.7,${written},0b5e,"{""reason"":""wrong-password"",""attempt"":3}"\r\n`,
  );
});

it("writes details that programs can read as JSON, whatever was typed, and in which nothing hides", () => {
  const details = { firstName: { from: "A\u00adda", to: 'A"\u200b\n;=1' } };
  const [, quoted = ""] = /,"(\{.*)"\r\n$/su.exec(auditCsv([{ ...entry, details }])) ?? [];
  expect(JSON.parse(quoted.replaceAll('""', '"'))).toEqual({
    firstName: { from: "A\\u{AD}da", to: "A\"\\u{200B}\\u{A};'=1" },
  });
});
