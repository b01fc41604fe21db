import { readFileSync } from "node:fs";

/** REST routes, except those that are opened like a page (health, QR code) and the catch-all for unknown addresses. */
const CALL = /^\/api\/(?!health$|noauth\/qr$|\[\.\.\.)/;

/** The addresses of all pages and routes in the build. */
function builtAddresses(): string[] {
  const manifest: object = JSON.parse(readFileSync(".next/server/app-paths-manifest.json", "utf8"));
  return Object.keys(manifest)
    .filter((key) => !key.startsWith("/_") && !key.startsWith("/api/[..."))
    .map(
      (key) =>
        `/${key
          .split("/")
          .filter((part) => part && !/^\(|^(?:page|route)$/.test(part))
          .join("/")}`,
    );
}

/** Every page of the build, and the routes that are opened like one. */
export const builtPages = () => builtAddresses().filter((address) => !CALL.test(address));
/** Every REST route of the build. */
export const builtCalls = () => builtAddresses().filter((address) => CALL.test(address));
