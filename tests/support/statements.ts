import pg from "pg";
import { vi } from "vitest";

/** The SQL of a statement, from the driver's argument. */
export function statementText(statement: unknown): string {
  return typeof statement === "string" ? statement : String(Object(statement).text);
}

/** Runs `work`. @returns its answer, and the SQL of every statement that this process sends meanwhile */
export async function withStatements<T>(
  work: () => Promise<T>,
): Promise<{ answer: T; statements: string[] }> {
  const query = vi.spyOn(pg.Client.prototype, "query");
  try {
    const answer = await work();
    return { answer, statements: query.mock.calls.map(([statement]) => statementText(statement)) };
  } finally {
    query.mockRestore();
  }
}
