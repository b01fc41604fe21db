import { connection } from "next/server";

/** The least that Next renders for each request. */
export default async function Page() {
  await connection();
  return <h1>{new Date().toISOString()}</h1>;
}
