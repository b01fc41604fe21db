/** The word that an administrator must type to end everyone's sessions. */
export const EVERYONE = "everyone";
