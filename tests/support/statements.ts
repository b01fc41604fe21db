import pg from "pg";
import { vi } from "vitest";

/** The text of a statement as the driver is given it. */
export function statementText(statement: unknown): string {
  return typeof statement === "string" ? statement : String(Object(statement).text);
}

/** What a piece of work answers, and the text of every statement that this process sends the database meanwhile. */
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
