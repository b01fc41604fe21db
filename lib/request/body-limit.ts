/**
 * The largest body of a REST call or a form, in bytes; many times what any client or page sends. An incomplete body is
 * held in memory for up to 30 seconds, and anyone may open any number of connections, so this limit bounds the server's
 * memory use.
 */
export const MAX_BODY_BYTES = 65_536;
