import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { build } from "esbuild";
import { emptyServerOnly } from "../../scripts/build.js";

const bundles = new Map<string, Promise<string>>();

/** Bundles a module with all of our modules that it imports, as JavaScript; packages stay external. */
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

// These processes are too short-lived to benefit from optimising the WebAssembly of Prisma's query compiler.
const flags = ["--liftoff-only", "--enable-source-maps", "--input-type=module"];

/**
 * Runs a TypeScript module of this repository in a separate Node process, without leaving a file behind. The IPC
 * channel carries structured clones, so Dates stay Dates. The module must end by itself when the channel closes, which
 * happens however this process ends.
 *
 * @param entry a path relative to the repository's root, which must be the working directory
 * @param options `detached` keeps the terminal's Ctrl-C from reaching it
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

/** The first message of a process, which says that it is ready. @throws when it ends without one */
export async function firstMessage(child: ChildProcess, name: string): Promise<unknown> {
  const [message] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => {
      throw new Error(`${name} did not start (exit code ${code}).`);
    }),
  ]);
  return message;
}
