/** @type {import("next").NextConfig} */
module.exports = {
  poweredByHeader: false,
  serverExternalPackages: ["pg", "@node-rs/argon2"],
  // The packages are a link out of this folder, which Turbopack follows only below its root.
  turbopack: { root: require("node:path").parse(__dirname).root },
};
