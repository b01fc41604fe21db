/** What must be typed before everybody's sessions end. */
export const EVERYONE = "everyone";
