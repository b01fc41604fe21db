/**
 * The login page for whoever is at the browser by now: unlike `/login`, it does not lead on into the session of somebody
 * who is logged in there. Mails contain the same address.
 */
export const LOGIN_FOR_ANYBODY = "/login?notice=mailed-link";
