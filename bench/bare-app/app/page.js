import { connection } from "next/server";

/** A minimal page that Next renders for each request. */
export default async function Page() {
  await connection();
  return <h1>{new Date().toISOString()}</h1>;
}
