type Pattern = [name: string, found: RegExp];

// Each browser names those before it in its own user agent; the order undoes that.
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

/** What a program is called that does not say what it is. */
export const UNKNOWN_PROGRAM = "Unknown program";

/** What a user agent claims to be, in short: "Firefox on Windows", or a program's own name; empty when it does not say. */
export function browserName(userAgent: string): string {
  const browser = find(BROWSERS, userAgent);
  const system = find(SYSTEMS, userAgent);
  if (browser) return system ? `${browser} on ${system}` : browser;
  const program = /^([A-Za-z][\w.-]{0,31})\//.exec(userAgent)?.[1];
  if (program && program !== "Mozilla") return program;
  if (system) return `Unknown browser on ${system}`;
  return userAgent.trim() === "" ? "" : UNKNOWN_PROGRAM;
}
