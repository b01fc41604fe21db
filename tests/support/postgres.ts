import { once } from "node:events";
import { firstMessage, startChildModule } from "./child-module";

/** A PostgreSQL on which tests may create databases. */
export type TestPostgres = {
  /** With a superuser: emptying a database skips its foreign keys, which nobody else may do. */
  url: string;
  stop: () => Promise<void>;
};

/**
 * Starts a throw-away PostgreSQL, or uses the one that TEST_DATABASE_URL names. A throw-away one ends with this
 * process, even when that is killed.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => undefined };
  const keeper = await startChildModule("tests/support/postgres-keeper.ts", { detached: true });
  const exited = once(keeper, "exit");
  const url = String(await firstMessage(keeper, "The test database"));
  return {
    url,
    async stop() {
      if (keeper.connected) keeper.disconnect();
      await exited;
    },
  };
}

/** The same server's address with another database's name. */
export function urlOfDatabase(url: string, database: string): string {
  const named = new URL(url);
  named.pathname = `/${database}`;
  return named.href;
}
