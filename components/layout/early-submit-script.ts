/**
 * Runs in the document's head. Whoever sends a form before its scripts are there would get the page anew, without what
 * was entered. This script keeps such a form as it is: one that posts but has no server action, which only scripts can
 * send. (React gives the others an encoding.)
 */
export const earlySubmitScript = `addEventListener("submit",function(e){if(e.target.matches("[method=post]:not([enctype])"))e.preventDefault()})`;
