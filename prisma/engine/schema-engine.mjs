// Prisma's schema engine as WebAssembly, with no download: docs/decisions/0001-offline-schema-engine.md.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

const require = createRequire(import.meta.url);

const CONNECT_TIMEOUT_MS = 5_000;

/** Type OIDs of PostgreSQL: the catalogue's one-byte type `"char"`, and text. */
const CHAR_OID = 18;
const TEXT_OID = 25;

// The engine reports its panic message here before it traps; without this, a TypeError would hide the message.
globalThis.PRISMA_WASM_PANIC_REGISTRY ??= {
  set_message: (message) => process.stderr.write(`${message}\n`),
};

/** @type {Promise<void> | undefined} */
let instantiated;

// The package's own entry imports the .wasm file as a module, which Node 20 cannot do.
async function instantiate() {
  const folder = path.dirname(require.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const bytes = await readFile(path.join(folder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/**
 * Prisma's adapter with two fixes. It would split a script at every semicolon, even inside strings, comments and
 * function bodies; this class sends it to PostgreSQL whole, as one transaction, like the native engine. And the adapter
 * does not know the catalogue's type `"char"`, without which no database can be introspected.
 *
 * Uses one connection and never reconnects, because the engine's lock and its transaction belong to the connection:
 * after its loss, the remaining statements must not run outside of the transaction, on another connection.
 */
class WholeScriptPg extends PrismaPg {
  /** PostgreSQL's error for a failed script. In a transaction the engine hides it: recording the failure fails too. */
  failure;

  /** @param {string} url */
  constructor(url) {
    super({
      connectionString: url,
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: "gatehouse migrate",
    });
  }

  query(sql) {
    return this.adapter.underlyingDriver().query(sql);
  }

  /** Runs all that the engine does with the database during `work` in one transaction. */
  async atomically(work) {
    await this.query("BEGIN");
    this.failure = undefined;
    try {
      await work();
      await this.query("COMMIT");
    } catch (error) {
      // This fails if the connection is lost; the transaction is gone then, too.
      await this.query("ROLLBACK").catch(() => undefined);
      throw this.failure ?? error;
    }
  }

  async connect() {
    const adapter = await super.connect();
    this.adapter = adapter;
    let isConnected = false;
    adapter.underlyingDriver().options.onConnect = () => {
      if (isConnected) throw new Error("The connection to the database was lost.");
      isConnected = true;
    };
    adapter.executeScript = async (script) => {
      try {
        await this.query(script);
      } catch (error) {
        this.failure = error;
        adapter.onError(error);
      }
    };
    const { queryRaw } = adapter;
    adapter.queryRaw = async (query) => {
      const letters = [];
      const lettersAsText = Object.create(adapter, {
        performIO: {
          value: async (/** @type {unknown} */ io) => {
            const result = await adapter.performIO(io);
            for (const [index, field] of result.fields.entries()) {
              if (field.dataTypeID !== CHAR_OID) continue;
              field.dataTypeID = TEXT_OID;
              letters.push(index);
            }
            return result;
          },
        },
      });
      const result = await queryRaw.call(lettersAsText, query);
      for (const index of letters) result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  }

  async close() {
    await this.adapter?.dispose();
  }
}

/** A stand-in connection: the engine requires one even for a diff of two files, but then uses none of its answers. */
const nowhere = {
  provider: "postgres",
  adapterName: "nowhere",
  connect: async () => ({
    provider: "postgres",
    adapterName: "nowhere",
    queryRaw: async () => ({ columnNames: [], columnTypes: [], rows: [] }),
    executeRaw: async () => 0,
    executeScript: async () => undefined,
    startTransaction: () => Promise.reject(new Error("There is no database here.")),
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose: async () => undefined,
  }),
  connectToShadowDb: () => Promise.reject(new Error("There is no database here.")),
  query: () => Promise.reject(new Error("There is no database here.")),
  atomically: () => Promise.reject(new Error("There is no database here.")),
  close: async () => undefined,
};

/**
 * Opens the engine on a database, or without one for work that needs none (a diff of two schemas).
 *
 * @param {string | null} url a PostgreSQL URL, to which it connects at once
 * @param {{ datamodels?: [string, string][]; onLog?: (line: string) => void }} [options] the schema's files as pairs of
 *   name and content; what to do with the engine's log, which is JSON
 * @returns the engine; `query` for the caller's own statements on its connection; and `atomically`, which runs engine
 *   calls in one transaction, and fails with PostgreSQL's own error if a script failed
 * @throws an Error with Prisma's code (P1001 unreachable, P1003 no such database, …)
 */
export async function openSchemaEngine(url, { datamodels, onLog = () => undefined } = {}) {
  instantiated ??= instantiate();
  await instantiated;
  const factory = url === null ? nowhere : new WholeScriptPg(url);
  try {
    const bound = bindMigrationAwareSqlAdapterFactory(factory);
    const engine = await bindings.SchemaEngine.new({ datamodels }, onLog, bound);
    return {
      engine,
      query: (sql) => factory.query(sql),
      atomically: (work) => factory.atomically(work),
      close: () => factory.close(),
    };
  } catch (error) {
    await factory.close();
    throw error;
  }
}
