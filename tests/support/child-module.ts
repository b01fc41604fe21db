import { type ChildProcess, spawn } from "node:child_process";
import { build } from "esbuild";
import { emptyServerOnly } from "../../scripts/build.js";

const bundles = new Map<string, Promise<string>>();

/** One module of the sources as JavaScript, with all of ours that it imports; packages stay outside. */
async function bundleOf(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20.9",
    packages: "external",
    sourcemap: "inline",
    plugins: [emptyServerOnly],
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

// None lives for so long that it would pay to optimise the WebAssembly which compiles Prisma's queries.
const flags = ["--liftoff-only", "--enable-source-maps", "--input-type=module"];

/**
 * Runs a TypeScript module of this repository in a Node process of its own, without leaving a file behind. Dates and the
 * like travel over its IPC channel as they are; the module ends by itself when the channel closes, which it does
 * however this process ends.
 *
 * @param entry from the repository's root, where the process must be started
 * @param options `detached` keeps Ctrl-C at the terminal away from it
 */
export async function startChildModule(
  entry: string,
  options: { env?: Readonly<Record<string, string>>; detached?: boolean } = {},
): Promise<ChildProcess> {
  const code = bundles.get(entry) ?? bundleOf(entry);
  bundles.set(entry, code);
  const text = await code;
  const child = spawn(process.execPath, [...flags, "-"], {
    env: { ...process.env, NODE_OPTIONS: "", ...options.env },
    detached: options.detached ?? false,
    serialization: "advanced",
    stdio: ["pipe", "inherit", "inherit", "ipc"],
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(text);
  return child;
}
