import pg from "pg";
import { vi } from "vitest";

/** The SQL of a statement, from the driver's argument. */
export function statementText(statement: unknown): string {
  return typeof statement === "string" ? statement : String(Object(statement).text);
}

/**
 * Runs `work`. @returns its answer, and the SQL of every statement that this process sends meanwhile; of `kept` ones,
 * which the connection keeps prepared, too
 */
export async function withStatements<T>(
  work: () => Promise<T>,
): Promise<{ answer: T; statements: string[]; kept: string[] }> {
  const query = vi.spyOn(pg.Client.prototype, "query");
  try {
    const answer = await work();
    const sent: unknown[] = query.mock.calls.map(([statement]) => statement);
    const kept = sent.filter((statement) => Object(statement).name);
    return { answer, statements: sent.map(statementText), kept: kept.map(statementText) };
  } finally {
    query.mockRestore();
  }
}
