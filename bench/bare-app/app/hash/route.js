import { verify } from "@node-rs/argon2";

/** The minimum of a login: compares a password with a hash, without a database. */
export async function POST(request) {
  const { hash, password } = await request.json();
  return Response.json(await verify(hash, password));
}
