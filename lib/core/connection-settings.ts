/**
 * Makes PostgreSQL end a session within two minutes when the client is gone without a word, because its host or the
 * network lost power. Otherwise the session keeps its place and its locks for two hours. Ignored on a Unix socket. The
 * last one only on Linux: a PostgreSQL whose system does not have it would say so in its log for each connection.
 */
export const END_WITH_CLIENT =
  "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; " +
  "SELECT set_config('tcp_user_timeout', '60000', false) WHERE version() ~ 'linux'";

/**
 * Settings that every connection to our tables needs, whatever the defaults of the database or its user. Prisma reads
 * every timestamp as UTC in ISO 8601. Concurrent changes rely on waiting for row locks without a timeout, and on then
 * seeing what the lock's holder committed. How long a transaction may take is for us to say, because a migration or a
 * command on the host may take long; PostgreSQL before 17 has no such limit.
 */
export const CONNECTION_SETTINGS =
  `${END_WITH_CLIENT}; ` +
  "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET default_transaction_isolation = 'read committed'; SET lock_timeout = 0; " +
  "SELECT set_config('transaction_timeout', '0', false) WHERE current_setting('server_version_num')::int >= 170000";
