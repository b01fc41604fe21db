import type pg from "pg";
import { domains, firstNames, lastNames } from "./many-users-names";

const CHUNK = 100_000;

/**
 * Inserts a range of accounts as they would accumulate over three years: some were invited and never came, some are
 * disabled, nearly all others have logged in; three in a hundred have an expired lock, three in a thousand a valid one.
 * $1 and $2 are the range, $7 the number of all accounts, $3 to $5 the names and domains, $6 the hash for all of them.
 */
const INSERT = `
  WITH dice AS MATERIALIZED (
    SELECT n, random() AS a, random() AS b, random() AS c, random() AS state, random() AS lock, random() AS authority,
           now() - (1 - n / $7::float) * interval '3 years' AS created_at, power(random(), 4) AS since_login
    FROM generate_series($1::int, $2::int) AS n
  ), drawn AS (
    SELECT dice.*, ($3::text[])[1 + floor(cardinality($3::text[]) * a * a)::int] AS first_name,
           ($4::text[])[1 + floor(cardinality($4::text[]) * b * b)::int] AS last_name,
           ($5::text[])[1 + floor(cardinality($5::text[]) * c * c)::int] AS domain,
           CASE WHEN state < 0.04 THEN 'INVITED' WHEN state < 0.07 THEN 'DISABLED' ELSE 'ACTIVE' END AS standing
    FROM dice
  ), named AS (
    SELECT drawn.*, translate(lower(first_name || '.' || last_name),
      'áäåãçéèëíıïñńóöøôśšúüůýžż''', 'aaaaceeeiiinnoooossuuuyzz') || n || '@' || domain AS email
    FROM drawn
  )
  INSERT INTO users (id, email, email_key, first_name, last_name, authority, state, password_hash, password_set_at,
                     failed_attempts, locked_at, locked_until, last_login_at, created_at)
  SELECT uuidv7(created_at - now()), email, email, first_name, last_name,
         (CASE WHEN authority < 0.0001 THEN 'SYS_ADMIN' WHEN authority < 0.05 THEN 'TENANT_ADMIN'
               ELSE 'CUSTOMER_USER' END)::"Authority",
         standing::"AccountState",
         CASE WHEN standing <> 'INVITED' THEN $6 END,
         CASE WHEN standing <> 'INVITED' THEN created_at + interval '1 hour' END,
         CASE WHEN lock < 0.033 THEN 5 ELSE 0 END,
         CASE WHEN lock < 0.033 AND standing = 'ACTIVE' THEN now() - interval '1 hour' END,
         CASE WHEN lock < 0.0005 THEN NULL
              WHEN lock < 0.003 AND standing = 'ACTIVE' THEN now() + interval '1 day'
              WHEN lock < 0.033 AND standing = 'ACTIVE' THEN now() - interval '30 minutes' END,
         CASE WHEN standing <> 'INVITED' AND state < 0.95 THEN now() - since_login * (now() - created_at) END,
         created_at
  FROM named`;

/** Lists the non-unique indexes, which serve reading only, with their statistics targets; unique ones are kept. */
const INDEXES = `
  SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition,
         (SELECT string_agg(format('ALTER INDEX %s ALTER %s SET STATISTICS %s', indexrelid::regclass, attnum, attstattarget), ';')
          FROM pg_attribute WHERE attrelid = indexrelid AND attstattarget >= 0) AS statistics
  FROM pg_index WHERE indrelid = 'users'::regclass AND NOT indisunique`;
type Index = Readonly<{ name: string; definition: string; statistics: string | null }>;

/**
 * Fills the table of accounts. Creates the indexes after all rows are inserted, which takes a fraction of the time of
 * updating them row by row.
 */
export async function insertUsers(client: pg.ClientBase, users: number, hash: string): Promise<void> {
  const { rows: indexes } = await client.query<Index>(INDEXES);
  await client.query("SET maintenance_work_mem = '256MB'");
  await client.query("SELECT setseed(0.5)");
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  for (let from = 1; from <= users; from += CHUNK) {
    const to = Math.min(users, from + CHUNK - 1);
    await client.query(INSERT, [from, to, firstNames, lastNames, domains, hash, users]);
  }
  for (const { definition, statistics } of indexes) await client.query(`${definition}; ${statistics ?? ""}`);
  await client.query("VACUUM (ANALYZE) users");
}
