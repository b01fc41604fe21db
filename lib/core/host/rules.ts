/**
 * Takes the place of an e-mail address, and of a network address, for what Gatehouse does by itself and what an
 * operator with a shell on its host does. It is stored: in the audit log, in mails and with each version of the
 * settings.
 */
export const HOST = "host";
