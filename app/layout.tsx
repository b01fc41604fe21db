import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { cutPageScript } from "@/components/layout/cut-page-script";
import { earlySubmitScript } from "@/components/layout/early-submit-script";
import { fragmentScript } from "@/components/layout/fragment-script";
import { lostScriptScript } from "@/components/layout/lost-script";
import { restoredPageScript } from "@/components/layout/restored-page-script";
import { themeScript } from "@/components/layout/theme-script";
import { fontVariables } from "./fonts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Gatehouse", template: "%s · Gatehouse" },
  description: "The account-security rules of a platform, and the service that applies them.",
  applicationName: "Gatehouse",
  robots: { index: false, follow: false },
  formatDetection: { telephone: false, date: false, address: false, email: false },
  icons: {
    icon: [
      { url: "/favicon.ico", sizes: "32x32" },
      { url: "/icon.svg", type: "image/svg+xml" },
    ],
    apple: "/apple-icon.png",
  },
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  // The value of `--color-canvas` in both themes, for the browser's own toolbars.
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f2f6f6" },
    { media: "(prefers-color-scheme: dark)", color: "#101618" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    // The script below sets `data-theme` before React sees the document.
    <html lang="en" className={fontVariables} data-scroll-behavior="smooth" suppressHydrationWarning>
      <head>
        {/* Browsers hide an applied nonce from scripts, so React reads an empty one when it hydrates. */}
        <script
          nonce={nonce}
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: constants of ours, and the only inline script
          dangerouslySetInnerHTML={{
            __html: `${themeScript};${lostScriptScript};${cutPageScript};${restoredPageScript};${fragmentScript};${earlySubmitScript}`,
          }}
        />
      </head>
      <body>{children}</body>
    </html>
  );
}
