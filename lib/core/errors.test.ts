import { describe, expect, it } from "vitest";
import { isDatabaseAway, passesByItself } from "./errors";

const prisma = (code: string, message: string) => Object.assign(new Error(message), { code });
const raw = (code: string, message: string) =>
  prisma(
    "P2010",
    `\nInvalid \`prisma.$queryRaw()\` invocation:\n\n\nRaw query failed. Code: \`${code}\`. Message: \`${message}\``,
  );
const query = (code: string, message: string) =>
  prisma(
    "P2039",
    `\nInvalid \`prisma.user.create()\` invocation:\n\n\nDatabase error. Code: \`${code}\`. Message: \`${message}\``,
  );

/** An error of Prisma's adapter, as a failed COMMIT throws it: what the driver said is in a cause that is no Error. */
const adapter = (cause: { kind: string; code?: string; originalCode?: string; message?: string }) =>
  new Error(cause.message ?? cause.kind, { cause });
const itsOwnCause = new Error("x");
itsOwnCause.cause = itsOwnCause;

describe("isDatabaseAway", () => {
  it.each([
    prisma("P1001", "Can't reach database server at 127.0.0.1:5432"),
    prisma("P1008", "Operations timed out"),
    prisma("P2028", "Unable to start a transaction in the given time"),
    prisma("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:5432"),
    prisma("ETIMEDOUT", "connect ETIMEDOUT 192.0.2.1:5432"),
    prisma("ENOTFOUND", "getaddrinfo ENOTFOUND db.example"),
    prisma("EAI_AGAIN", "getaddrinfo EAI_AGAIN db.example"),
    prisma("EHOSTUNREACH", "connect EHOSTUNREACH 192.0.2.1:5432"),
    prisma("ENETUNREACH", "connect ENETUNREACH 192.0.2.1:5432 - Local (0.0.0.0:0)"),
    prisma("EHOSTDOWN", "read EHOSTDOWN"),
    prisma("ENOENT", "connect ENOENT /var/run/postgresql/.s.PGSQL.5432"),
    prisma("EPIPE", "write EPIPE"),
    prisma("53300", "remaining connection slots are reserved for roles with the SUPERUSER attribute"),
    prisma("57P01", "terminating connection due to administrator command"),
    prisma("08P01", "server conn crashed?"),
    raw("08P01", "server login has been failing, cached error: connect failed (server_login_retry)"),
    prisma("28P01", 'password authentication failed for user "gatehouse"'),
    prisma("28000", 'role "gatehouse" is not permitted to log in'),
    prisma("3D000", 'database "gatehouse" does not exist'),
    prisma("42P01", 'relation "settings_revisions" does not exist'),
    raw("42P01", 'relation "settings_revisions" does not exist'),
    prisma("P2021", "The table `public.users` does not exist in the current database."),
    prisma("55000", 'database "gatehouse" is not currently accepting connections'),
    prisma("42501", 'permission denied for database "gatehouse"'),
    prisma("P1000", "Authentication failed against the database server"),
    prisma("P1003", "Database `gatehouse` does not exist on the database server"),
    prisma("P1010", "User was denied access on the database `(not available)`"),
    prisma("CERT_HAS_EXPIRED", "certificate has expired"),
    prisma("CERT_NOT_YET_VALID", "certificate is not yet valid"),
    prisma("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
    prisma("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"),
    prisma("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
    prisma("ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames"),
    prisma("ERR_SSL_WRONG_VERSION_NUMBER", "wrong version number"),
    new Error("The server does not support SSL connections"),
    prisma("P1011", "Error opening a TLS connection: certificate has expired"),
    raw("N/A", "Can't reach database server at 127.0.0.1:5432"),
    raw("N/A", "Server has closed the connection."),
    raw("N/A", "Too many database connections opened: sorry, too many clients already"),
    raw("N/A", "Operation has timed out"),
    raw("57P01", "terminating connection due to administrator command"),
    raw("57P03", "the database system is starting up"),
    raw("25006", "cannot execute DELETE in a read-only transaction"),
    query("25006", "cannot execute INSERT in a read-only transaction"),
    query("57014", "canceling statement due to statement timeout"),
    prisma("25P03", "terminating connection due to idle-in-transaction timeout"),
    new Error("Connection terminated unexpectedly"),
    new Error("Client has encountered a connection error and is not queryable"),
    new Error("Client was closed and is not queryable"),
    new Error("Query read timeout"),
    new Error("timeout exceeded when trying to connect"),
    adapter({ kind: "postgres", code: "57P01", originalCode: "57P01", message: "terminating connection" }),
    adapter({ kind: "ConnectionClosed" }),
    adapter({ kind: "SocketTimeout" }),
    adapter({ kind: "DatabaseNotReachable" }),
    adapter({ kind: "TooManyConnections", originalCode: "53300" }),
    adapter({ kind: "AuthenticationFailed", originalCode: "28P01" }),
    adapter({ kind: "TlsConnectionError" }),
    new Error("a verb failed", { cause: raw("08006", "connection failure") }),
  ])("%s", (error) => {
    expect(isDatabaseAway(error)).toBe(true);
    expect(passesByItself(error)).toBe(true);
  });

  it.each([
    prisma("P2002", "Unique constraint failed"),
    raw("23505", "duplicate key value violates unique constraint"),
    raw("42703", "column does not exist"),
    query("42501", "permission denied for schema public"),
    prisma("55000", 'currval of sequence "audit_events_id_seq" is not yet defined in this session'),
    prisma("ENOENT", "ENOENT: no such file or directory, open 'logo.svg'"),
    new Error("x", { cause: "Query read timeout" }),
    itsOwnCause,
    "ECONNREFUSED",
    null,
  ])("not %s", (error) => {
    expect(isDatabaseAway(error)).toBe(false);
    expect(passesByItself(error)).toBe(false);
  });
});

describe("a transaction that was undone in favour of another", () => {
  it.each([
    prisma("40P01", "deadlock detected"),
    prisma("40001", "could not serialize access due to concurrent update"),
    prisma(
      "P2034",
      "Transaction failed due to a write conflict or a deadlock. Please retry your transaction",
    ),
    raw("40P01", "deadlock detected"),
    raw("40001", "could not serialize access due to concurrent update"),
    adapter({ kind: "TransactionWriteConflict", originalCode: "40P01" }),
    new Error("a verb failed", { cause: raw("40P01", "deadlock detected") }),
  ])("may be tried again, though the database is there: %s", (error) => {
    expect(passesByItself(error)).toBe(true);
    expect(isDatabaseAway(error)).toBe(false);
  });
});
