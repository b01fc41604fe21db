import pg from "pg";
import { StartupError } from "./startup-error";

const TLS_REQUIRED = "does not let this user connect without TLS. Add ?sslmode=verify-full to DATABASE_URL";
const TLS_MISSING =
  "does not offer TLS, which sslmode in DATABASE_URL asks for. Turn it on in PostgreSQL, or set sslmode=disable";
const UNTRUSTED =
  "has a certificate from an unknown authority. Add ?sslmode=verify-full&sslrootcert=FILE to DATABASE_URL, where FILE is the certificate of that authority";

const PROBLEMS: Readonly<Record<string, string>> = {
  "28P01": "does not accept the user and password of DATABASE_URL",
  "28000": "does not let the user of DATABASE_URL connect from here, according to pg_hba.conf or the role",
  "42501": "does not let the user of DATABASE_URL connect: they need the privilege CONNECT",
  "3D000": "does not exist. Create it, or correct DATABASE_URL",
  "53300": "has no connection left for DATABASE_URL's user. Allow more, or close some",
  CERT_HAS_EXPIRED: "has a certificate that has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "has a certificate for another name. In DATABASE_URL, use a host name that is in the certificate",
};

/** How PostgreSQL says that pg_hba.conf rejects, or does not list, an unencrypted client; "SSL off" is before 14. */
const UNENCRYPTED = /no encryption|SSL off/;
/** How the driver says that the server answered its request for TLS with no; such an error has no code. */
const NO_TLS = /server does not support SSL/;

/**
 * Creates a client for a database, the operator's or the embedded one, without connecting it.
 * @throws StartupError when DATABASE_URL refers to something that is missing, such as a certificate file
 */
export function clientFor(
  url: string,
  config: Readonly<Omit<pg.ClientConfig, "connectionString">>,
): pg.Client {
  try {
    return new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, ...config });
  } catch (error) {
    throw new StartupError(`DATABASE_URL cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

const placeOf = ({ database, host, port }: pg.Client) => `The database ${database} at ${host}:${port}`;

const sharedConnection = (client: pg.Client) =>
  new StartupError(
    `${placeOf(client)} is reached through a pooler that shares connections between its clients. ` +
      "Connect to PostgreSQL itself, or to a pooler in session mode.",
  );

function problemOf({ code, message }: Error & { code?: string }): string {
  if (code === "28000" && UNENCRYPTED.test(message)) return TLS_REQUIRED;
  if (NO_TLS.test(message)) return TLS_MISSING;
  return PROBLEMS[code ?? ""] ?? `cannot be reached (${code ?? message})`;
}

/** Connects to the operator's database. @throws StartupError that names the database, but neither user nor password */
export async function connectTo(client: pg.Client): Promise<void> {
  let state: Connected;
  try {
    await client.connect();
    state = await look(client);
    if (!state.hasLock && !state.isReadOnly) return;
  } catch (error) {
    void client.end();
    throw new StartupError(`${placeOf(client)} ${problemOf(error as Error & { code?: string })}.`, {
      cause: error,
    });
  }
  await client.end();
  if (state.isReadOnly) {
    throw new StartupError(
      `${placeOf(client)} is read-only. If it is a standby, connect to the primary; otherwise allow this user to write.`,
    );
  }
  throw sharedConnection(client);
}

/**
 * Checks a connection that has just taken an advisory lock. A pooler that uses its connections in turn runs the next
 * statement on another one, which another client need not have used before.
 * @throws StartupError if the connection does not have the lock
 */
export async function requireLockOn(client: pg.Client): Promise<void> {
  if (!(await look(client)).hasLock) throw sharedConnection(client);
}

type Connected = Readonly<{ hasLock: boolean; isReadOnly: boolean }>;

/**
 * Looks at what we are connected to: whether a pooler shares the connection (a new one holds no advisory lock unless
 * another client uses it too), and whether nothing can be written, as on a standby.
 */
async function look(client: pg.Client): Promise<Connected> {
  const { rows } = await client.query<Connected>(
    `SELECT current_setting('transaction_read_only')::boolean AS "isReadOnly",
      EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS "hasLock"`,
  );
  return rows[0] ?? { hasLock: false, isReadOnly: false };
}
