import { verify } from "@node-rs/argon2";

/** The least that can be called a login: it compares a password with a hash, and asks no database. */
export async function POST(request) {
  const { hash, password } = await request.json();
  return Response.json(await verify(hash, password));
}
