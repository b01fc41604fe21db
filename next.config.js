// scripts/build.js says which sources it builds: the same sources are the same build, on every machine.
const sources = process.env.GATEHOUSE_SOURCE_DIGEST ?? "development";

// `page.dev.tsx` is a page for whoever works on Gatehouse, and does not exist in what is built.
const pageExtensions = ["tsx", "ts", ...(process.env.NODE_ENV === "production" ? [] : ["dev.tsx"])];

/** @type {import("next").NextConfig} */
module.exports = {
  generateBuildId: () => sources.slice(0, 16),
  poweredByHeader: false,
  pageExtensions,
  reactStrictMode: true,
  // No image needs it, and switched on it answers to anybody.
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
  // `npm test` checks the types, of the tests too; whoever only runs the product need not wait for that.
  typescript: { ignoreBuildErrors: true },
};
