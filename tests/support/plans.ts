import pg from "pg";
import { db, pool } from "@/lib/core/db";

type Query = (...args: unknown[]) => unknown;
type Statement = { text: string; values: unknown[] };

/** The fields of a plan node in PostgreSQL's EXPLAIN that we read. */
type PlanNode = {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
};

/** The SELECT and WITH statements that `work` sends to the database. */
async function queriesOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const queries: Statement[] = [];
  const client = pg.Client.prototype as unknown as { query: Query };
  const { query } = client;
  client.query = function (this: unknown, ...args: unknown[]) {
    const { text, values = [] } = (args[0] ?? {}) as Partial<Statement>;
    if (typeof text === "string" && /^\s*(?:SELECT|WITH)\b/i.test(text)) queries.push({ text, values });
    return query.apply(this, args);
  };
  try {
    await work();
  } finally {
    client.query = query;
  }
  return queries;
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The number of rows of a table that PostgreSQL reads for `work`, including those that a filter removes. */
export async function rowsRead(table: string, work: () => Promise<unknown>): Promise<number> {
  let read = 0;
  for (const { text, values } of await queriesOf(work)) {
    const { rows } = await pool().query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
    const { Plan: root } = rows[0]["QUERY PLAN"][0] as { Plan: PlanNode };
    for (const node of nodesOf(root)) {
      if (node["Relation Name"] !== table) continue;
      read += (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
    }
  }
  return read;
}

/** The statements prepared on a connection; from the sixth use on PostgreSQL may plan these without the parameters. */
export async function preparedStatements(): Promise<string[]> {
  const prepared = await db().$queryRaw<
    { statement: string }[]
  >`SELECT statement FROM pg_prepared_statements`;
  return prepared.map(({ statement }) => statement);
}
