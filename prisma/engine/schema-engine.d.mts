import type { SchemaEngine } from "@prisma/schema-engine-wasm";

export function openSchemaEngine(
  url: string | null,
  options?: { datamodels?: [string, string][]; onLog?: (line: string) => void },
): Promise<{
  engine: SchemaEngine;
  query: (sql: string) => Promise<unknown>;
  atomically: (work: () => Promise<unknown>) => Promise<void>;
  close: () => Promise<void>;
}>;
