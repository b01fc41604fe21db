/** The word that an administrator must type to end everybody's sessions. */
export const EVERYONE = "everyone";
