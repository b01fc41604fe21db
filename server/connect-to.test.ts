import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { clientFor, connectTo } from "./connect-to";

/** Connects to a server that answers every connection with one PostgreSQL error. @returns our message for it */
async function refusal(code: string, message: string): Promise<unknown> {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from("E\0\0\0\0");
  head.writeUInt32BE(fields.length + 4, 1);
  const server = createServer((socket) =>
    socket.once("data", () => socket.end(Buffer.concat([head, fields]))),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const client = clientFor(`postgresql://eve:canary@127.0.0.1:${port}/gatehouse`, {});
  client.on("error", () => undefined);
  try {
    return await connectTo(client).catch((error: Error) => error.message.replace(String(port), "PORT"));
  } finally {
    server.close();
  }
}

it.each([
  [
    "28P01",
    'password authentication failed for user "eve"',
    "does not accept the user and password of DATABASE_URL",
  ],
  [
    "28000",
    'no pg_hba.conf entry for host "10.0.0.1", user "eve", no encryption',
    "does not let this user connect without TLS",
  ],
  [
    "28000",
    'no pg_hba.conf entry for host "10.0.0.1", user "eve", SSL off',
    "does not let this user connect without TLS",
  ],
  [
    "28000",
    'no pg_hba.conf entry for host "10.0.0.1", user "eve", SSL encryption',
    "does not let the user of DATABASE_URL connect",
  ],
  ["28000", 'role "eve" is not permitted to log in', "does not let the user of DATABASE_URL connect"],
  ["42501", 'permission denied for database "gatehouse"', "does not let the user of DATABASE_URL connect"],
  ["53300", 'too many connections for role "eve"', "has no connection left"],
  ["3D000", 'database "gatehouse" does not exist', "does not exist. Create it"],
  ["57P03", "the database system is starting up", "cannot be reached (57P03)"],
])("tells of %s (%s) what to do, and no name", async (code, message, words) => {
  const said = await refusal(code, message);
  expect(said).toContain(`The database gatehouse at 127.0.0.1:PORT ${words}`);
  expect(said).not.toMatch(/eve|canary/);
});

it.each([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
])("tells of the certificate of an unknown authority (%s) how to make it known", async (code) => {
  const client = clientFor("postgresql://eve:canary@db.example/gatehouse", {});
  client.connect = () => Promise.reject(Object.assign(new Error("x"), { code }));
  await expect(connectTo(client)).rejects.toThrow(
    /^The database gatehouse at db\.example:5432 has a certificate .*sslrootcert=FILE/,
  );
});

it.each([
  ["ERR_TLS_CERT_ALTNAME_INVALID", /:5432 has a certificate for another name\. In DATABASE_URL/],
  ["CERT_HAS_EXPIRED", /:5432 has a certificate that has expired\.$/],
])("says what is wrong with the certificate: %s", async (code, words) => {
  const client = clientFor("postgresql://eve:canary@127.0.0.1/gatehouse", {});
  client.connect = () => Promise.reject(Object.assign(new Error("x"), { code }));
  await expect(connectTo(client)).rejects.toThrow(words);
});

it("tells of a server without TLS where to turn it on or off", async () => {
  const server = createServer((socket) => socket.once("data", () => socket.end("N")));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const client = clientFor(`postgresql://eve:canary@127.0.0.1:${port}/gatehouse?sslmode=verify-full`, {});
  client.on("error", () => undefined);
  try {
    await expect(connectTo(client)).rejects.toThrow(
      `The database gatehouse at 127.0.0.1:${port} does not offer TLS, which sslmode in DATABASE_URL asks for. `,
    );
  } finally {
    server.close();
  }
});

it("names a file of DATABASE_URL that is not there", () => {
  const url = "postgresql://eve:canary@127.0.0.1/gatehouse?sslrootcert=/nowhere/ca.pem";
  expect(() => clientFor(url, {})).toThrow(/^DATABASE_URL cannot be used: ENOENT: .*\/nowhere\/ca\.pem'$/);
});

it("leaves no connection behind to a database that goes quiet once it has let one in", async () => {
  const ready = Buffer.from("R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I", "latin1");
  const server = createServer((socket) => socket.once("data", () => socket.write(ready)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const client = clientFor(`postgresql://eve@127.0.0.1:${port}/gatehouse`, { query_timeout: 100 });
  client.on("error", () => undefined);
  const ended = once(client, "end");
  try {
    await expect(connectTo(client)).rejects.toThrow(/ cannot be reached \(Query read timeout\)\.$/);
    await ended;
  } finally {
    server.close();
  }
});
