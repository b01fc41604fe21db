/**
 * The largest body of a REST call or a form, in bytes; many times what any client or page sends. An incomplete body is
 * held in memory for up to 30 seconds, and anyone may open any number of connections, so this limit and the one for all
 * bodies together (server/request-body.ts) bound the server's memory use.
 */
export const MAX_BODY_BYTES = 65_536;
