import pg from "pg";
import { closeDatabase, db, pool } from "@/lib/core/db";

type Query = (...args: unknown[]) => unknown;
type Statement = { text: string; values: unknown[] };

/** The fields of a plan node in PostgreSQL's EXPLAIN that we read. */
type PlanNode = {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
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

/** The plans by which PostgreSQL executes what `work` asks. */
async function plansOf(work: () => Promise<unknown>): Promise<PlanNode[]> {
  const plans: PlanNode[] = [];
  for (const { text, values } of await queriesOf(work)) {
    const { rows } = await pool().query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
    plans.push(rows[0]["QUERY PLAN"][0].Plan);
  }
  return plans;
}

/** The number of rows of a table that PostgreSQL reads for `work`, including those that a filter removes. */
export async function rowsRead(table: string, work: () => Promise<unknown>): Promise<number> {
  let read = 0;
  for (const node of (await plansOf(work)).flatMap(nodesOf)) {
    if (node["Relation Name"] !== table) continue;
    read += (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
  }
  return read;
}

/** How many pages of tables and indexes PostgreSQL visits for `work`; the same page may be visited again. */
export async function pagesVisited(work: () => Promise<unknown>): Promise<number> {
  const visited = (await plansOf(work)).map((root) => root["Shared Hit Blocks"] + root["Shared Read Blocks"]);
  return visited.reduce((sum, pages) => sum + pages, 0);
}

/**
 * The statements that `work` leaves prepared on its connection, which is a new one; from the sixth use on PostgreSQL may
 * plan these without the parameters.
 */
export async function preparedStatementsOf(work: () => Promise<unknown>): Promise<string[]> {
  await closeDatabase();
  await work();
  const prepared = await db().$queryRaw<
    { statement: string }[]
  >`SELECT statement FROM pg_prepared_statements`;
  return prepared.map(({ statement }) => statement);
}
