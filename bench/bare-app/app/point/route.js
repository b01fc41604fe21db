import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

/** A minimal route that reads one row: one prepared statement, by primary key. */
export async function GET(request) {
  const id = new URL(request.url).searchParams.get("id");
  const { rows } = await pool.query({
    name: "point",
    text: "SELECT id, email, first_name, last_name, authority, created_at FROM users WHERE id = $1",
    values: [id],
  });
  return Response.json(rows[0] ?? null);
}
