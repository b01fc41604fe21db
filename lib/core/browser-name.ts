type Pattern = [name: string, found: RegExp];

// A user agent also names the browsers that it is compatible with, so the more specific patterns come first.
const BROWSERS: Pattern[] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\//],
  ["Opera", /\bOPR\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ["Safari", /\bVersion\/.+\bSafari\//],
];

const SYSTEMS: Pattern[] = [
  ["iOS", /\b(?:iPhone|iPad|iPod)\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\b(?:Macintosh|Mac OS X)\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
];

const find = (patterns: Pattern[], text: string) => patterns.find(([, found]) => found.test(text))?.[0];

/** Shown for a program that does not say what it is. */
export const UNKNOWN_PROGRAM = "Unknown program";

/**
 * The name of a program, without a dot. Mails to a person show what strangers call their program, and mail clients make
 * a link of a name such as `example.org`.
 */
const PROGRAM = /^([A-Za-z][\w-]{0,31})\//;

/** Returns what a user agent claims to be: "Firefox on Windows", or a program's name. Empty for a blank one. */
export function browserName(userAgent: string): string {
  const browser = find(BROWSERS, userAgent);
  const system = find(SYSTEMS, userAgent);
  if (browser) return system ? `${browser} on ${system}` : browser;
  const program = PROGRAM.exec(userAgent)?.[1];
  if (program && program !== "Mozilla") return program;
  if (system) return `Unknown browser on ${system}`;
  return userAgent.trim() === "" ? "" : UNKNOWN_PROGRAM;
}
