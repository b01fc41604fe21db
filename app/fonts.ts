import { GeistSans } from "geist/font/sans";
import localFont from "next/font/local";

// Not `geist/font/mono`, which is preloaded on every page: the login page does not need it.
const geistMono = localFont({
  src: "../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  preload: false,
  adjustFontFallback: false,
  fallback: ["ui-monospace", "SFMono-Regular", "Menlo", "monospace"],
});

/**
 * The classes that define `--font-geist-sans` and `--font-geist-mono`; the files are served from Gatehouse's own
 * origin.
 */
export const fontVariables = `${GeistSans.variable} ${geistMono.variable}`;
