import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeDatabase, db, pool } from "@/lib/core/db";
import { emptyDatabase } from "./support/database";

/**
 * Settings that an operator may have made the default for every connection to a database; PostgreSQL before 17 does not
 * have the last one.
 */
const OPERATOR_SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: "Asia/Kolkata",
  DateStyle: "SQL, DMY",
  default_transaction_isolation: "serializable",
  lock_timeout: "1ms",
  tcp_keepalives_idle: "7200",
  transaction_timeout: "1s",
};

async function eachSetting(change: (name: string, value: string) => string): Promise<void> {
  const { rows } = await pool().query(
    "SELECT current_database() AS database, name FROM pg_settings WHERE name = ANY($1)",
    [Object.keys(OPERATOR_SETTINGS)],
  );
  for (const { database, name } of rows)
    await pool().query(`ALTER DATABASE ${database} ${change(name, OPERATOR_SETTINGS[name] ?? "")}`);
  await closeDatabase();
}

describe("a database with defaults of its own", () => {
  beforeEach(async () => {
    await emptyDatabase();
    await eachSetting((name, value) => `SET ${name} = '${value}'`);
  });
  afterEach(() => eachSetting((name) => `RESET ${name}`));

  it("stores and reads times correctly", async () => {
    const sentAt = new Date("2026-03-04T05:06:07.890Z");
    const moments = { createdAt: sentAt, dueAt: sentAt, sentAt };
    await db().outboxMessage.create({
      data: {
        id: randomUUID(),
        messageId: "1@id.example.org",
        kind: "test",
        recipient: "ada@example.org",
        ...moments,
      },
    });
    const { rows } = await pool().query(
      "SELECT extract(epoch FROM sent_at) * 1000 AS at FROM outbox_messages",
    );
    expect(Number(rows[0].at)).toBe(sentAt.getTime());
    expect((await db().outboxMessage.findFirstOrThrow()).sentAt).toEqual(sentAt);
  });

  it("waits for locks and commits transactions as on any other", async () => {
    const { rows } = await pool().query(
      "SELECT current_setting('transaction_isolation') AS isolation, current_setting('lock_timeout') AS patience, coalesce(current_setting('transaction_timeout', true), '0') AS time",
    );
    expect(rows).toEqual([{ isolation: "read committed", patience: "0", time: "0" }]);
  });

  it("ends a session within minutes when the network is lost", async () => {
    const { rows } = await pool().query(
      `SELECT current_setting('tcp_keepalives_idle') AS idle, current_setting('tcp_keepalives_interval') AS interval,
        current_setting('tcp_user_timeout') AS silence`,
    );
    const silence = process.platform === "linux" ? "60000" : "0";
    expect(rows).toEqual([{ idle: "20", interval: "10", silence }]);
  });
});
