import { readFileSync } from "node:fs";

/** Programs' routes, but for those that are looked at like a page and the one for what there is not. */
const CALL = /^\/api\/(?!health$|noauth\/qr$|\[\.\.\.)/;

/** The addresses of everything in the build. */
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

/** Every page of the build, and what is looked at like one. */
export const builtPages = () => builtAddresses().filter((address) => !CALL.test(address));
/** Every route of programs in the build. */
export const builtCalls = () => builtAddresses().filter((address) => CALL.test(address));
