import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { AuditEntry } from "@/lib/audit/schema";
import { auditCsvStream } from "./csv-stream";

const entry: AuditEntry = {
  id: "1",
  at: new Date("2026-03-01T12:00:00Z"),
  kind: "logged-out",
  actorEmail: "ada@example.org",
  subjectId: null,
  subjectEmail: "ada@example.org",
  address: "127.0.0.1",
  userAgent: "",
  requestId: "",
  details: {},
};

/** Batches without end; `isOpen` says whether somebody may still ask for one. */
function endless() {
  const source = { isOpen: true, batches };
  async function* batches(): AsyncGenerator<AuditEntry[], void> {
    try {
      for (;;) yield [entry];
    } finally {
      source.isOpen = false;
    }
  }
  return source;
}

test("a download that a slow reader cancels ends the reading, and throws nowhere", async () => {
  const source = endless();
  const reader = auditCsvStream([entry], source.batches()).getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toMatch(
    /^time,event,actor,.*\r\n2026-03-01T12:00:00\.000Z,logged-out,ada@example\.org,/,
  );
  // A reader that is slower than the database: whatever reads ahead has read as much as it will.
  for (let turn = 0; turn < 200; turn += 1) await setImmediate();
  const awaited = reader.read();
  await reader.cancel();
  await awaited;
  await expect.poll(() => source.isOpen).toBe(false);
});
