/** @type {import("next").NextConfig} */
module.exports = {
  poweredByHeader: false,
  serverExternalPackages: ["pg", "@node-rs/argon2"],
  // node_modules is a link that leaves this folder; Turbopack follows links only within its root.
  turbopack: { root: require("node:path").parse(__dirname).root },
};
