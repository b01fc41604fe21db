import pg from "pg";

type Query = (...args: unknown[]) => unknown;

/** Summarises a statement: `SELECT users`, `INSERT audit_events`, `BEGIN`. */
function summaryOf(text: string): string {
  const flat = text
    .replace(/\s+/g, " ")
    .replace(/"public"\./g, "")
    .trim();
  const [verb = ""] = flat.split(" ");
  const doing = /^WITH\b/i.test(flat) ? (/\b(UPDATE|INSERT|DELETE)\b/i.exec(flat)?.[1] ?? verb) : verb;
  const written = /\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([a-z_]+)"?/i.exec(flat);
  const table =
    written ?? /\bFROM\s+"?([a-z_]+)"?/i.exec(flat.replace(/\bFROM unnest\b.*?\bFROM\b/i, "FROM"));
  return [doing.toUpperCase(), table?.[1]].filter(Boolean).join(" ");
}

/** Lists the statements that are sent to the database while `work` runs, in order. */
export async function listStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const client = pg.Client.prototype as unknown as { query: Query };
  const { query } = client;
  client.query = function (this: unknown, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === "string" ? first : (first as { text?: unknown } | null)?.text;
    if (typeof text === "string") statements.push(summaryOf(text));
    return query.apply(this, args);
  };
  try {
    await work();
  } finally {
    client.query = query;
  }
  return statements;
}
