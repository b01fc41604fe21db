/**
 * What stands in place of an e-mail address, and of a network address, where Gatehouse did something by itself or somebody
 * with a shell on its host did it. It is stored: in the audit, in mails and with each version of the settings.
 */
export const HOST = "host";
