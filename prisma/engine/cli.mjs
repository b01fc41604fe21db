#!/usr/bin/env node
// PRISMA_SCHEMA_ENGINE_BINARY points to this program. It answers Prisma's CLI in place of the native engine, over the
// same JSON-RPC lines on stdin and stdout. docs/decisions/0001-offline-schema-engine.md.

import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import pg from "pg";
import { openSchemaEngine } from "./schema-engine.mjs";

/** Of the engine's methods, the one whose name is not that of its call. */
const RENAMED = { getDatabaseVersion: "version" };

/** The code with which JSON-RPC carries an engine's error to the CLI. */
const ENGINE_ERROR = 4466;

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    datasource: { type: "string" },
    datamodels: { type: "string", multiple: true },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
  },
});
const url = JSON.parse(values.datasource ?? "{}").url || null;

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

// The CLI drops the first line of stderr and reads the rest as JSON.
function logError(error) {
  const fields = { message: error.message, error_code: error.code ?? "" };
  process.stderr.write(`\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}\n`);
}

async function createDatabase() {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = "/postgres";
  const client = new pg.Client({ connectionString: target.href });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return { databaseName: name };
}

async function canConnect() {
  const { close } = await openSchemaEngine(url);
  await close();
}

async function serve() {
  const files = values.datamodels ?? [];
  const datamodels = await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")]));
  let opened;

  async function call(method, params) {
    if (method === "createDatabase") return createDatabase();
    opened ??= openSchemaEngine(url, {
      datamodels: datamodels.length > 0 ? datamodels : undefined,
      onLog: (line) => process.stderr.write(line),
    });
    const { engine } = await opened;
    const result = await engine[RENAMED[method] ?? method](params);
    // The CLI prints a diff only from a notification, and then expects nothing in the result.
    if (method === "diff" && result.stdout) {
      send({ id: 0, method: "print", params: { content: result.stdout } });
      return { ...result, stdout: null };
    }
    return result ?? null;
  }

  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    if (method === undefined) continue; // the CLI's acknowledgement of a print
    try {
      send({ id, result: await call(method, params) });
    } catch (error) {
      const { message, code, meta = {} } = error;
      const data = { is_panic: false, message, meta, error_code: code ?? null };
      send({ id, error: { code: ENGINE_ERROR, message, data } });
    }
  }
  const last = await opened?.catch(() => undefined);
  await last?.close();
}

const command = positionals[0] === "cli" ? positionals[1] : "serve";
try {
  if (command === "can-connect-to-database") await canConnect();
  else if (command === "create-database") await createDatabase();
  else await serve();
} catch (error) {
  logError(error);
  process.exitCode = 1;
}
