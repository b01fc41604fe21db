// scripts/build.js sets the digest of the sources: the same sources give the same build id on every machine.
const sources = process.env.GATEHOUSE_SOURCE_DIGEST ?? "development";
const buildId = sources.slice(0, 16);

// `page.dev.tsx` is a page for developers of Gatehouse, which the production build leaves out.
const pageExtensions = ["tsx", "ts", ...(process.env.NODE_ENV === "production" ? [] : ["dev.tsx"])];

/** @type {import("next").NextConfig} */
module.exports = {
  generateBuildId: () => buildId,
  // Each page knows its build by it (components/form/ask-server.ts).
  env: { GATEHOUSE_BUILD_ID: buildId },
  poweredByHeader: false,
  pageExtensions,
  reactStrictMode: true,
  // No image needs the optimizer, and its route would answer anybody.
  images: { unoptimized: true },
  serverExternalPackages: [
    "@node-rs/argon2",
    "@prisma/adapter-pg",
    "@prisma/client",
    "nodemailer",
    "pg",
    "pino",
    "piscina",
  ],
  agentRules: false,
  // With it, `npm run dev` after an edit and a restart serves a stale list of chunks, and the page reloads forever.
  experimental: { turbopackFileSystemCacheForDev: false },
  // By itself Next takes a folder above the clone that has a lock file, and then names of styles and scripts change.
  turbopack: { root: __dirname },
  // `npm test` checks the types, also those of the tests; a start of the product need not wait for that.
  typescript: { ignoreBuildErrors: true },
};
