import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { innerOrigin, prepareConsole } from "./serve-console";

beforeEach(() => {
  for (const name of ["CANARY", "NO_PROXY", "no_proxy", "__NEXT_PRIVATE_ORIGIN", "__NEXT_PROCESSED_ENV"])
    vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

/** Next's own reader of .env files, as new. */
function envFileReader(): { loadEnvConfig: (folder: string) => unknown } {
  const require = createRequire(createRequire(import.meta.url).resolve("next/package.json"));
  delete require.cache[require.resolve("@next/env")];
  return require("@next/env");
}

it("Next does not add the variables of an .env file, which the server itself does not read", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-console-"));
  await writeFile(path.join(folder, ".env"), "CANARY=1\n");
  const handle = () => undefined;
  const prepare = async () => void envFileReader().loadEnvConfig(folder);
  const next = () => ({ prepare, getRequestHandler: () => handle, close: async () => undefined });
  try {
    await prepareConsole({ default: next } as never, { isDev: false, hostname: "127.0.0.1", port: 3000 });
    expect(process.env.CANARY).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("closes the socket of an upgrade that Next does not take", async () => {
  const next = () => ({ prepare: async () => undefined, getRequestHandler: () => () => undefined });
  const options = { isDev: false, hostname: "127.0.0.1", port: 3000 };
  const { upgrade } = await prepareConsole({ default: next } as never, options);
  const socket = new PassThrough();
  upgrade({} as never, socket, Buffer.alloc(0));
  expect(socket.destroyed).toBe(true);
});

it("Next asks the server itself, not through a proxy that Node was told to use, which would see the session", async () => {
  vi.stubEnv("no_proxy", "example.com");
  const next = () => ({ prepare: async () => undefined, getRequestHandler: () => () => undefined });
  await prepareConsole({ default: next } as never, { isDev: false, hostname: "127.0.0.1", port: 3000 });
  expect([process.env.no_proxy, process.env.NO_PROXY]).toEqual(["*", "*"]);
  expect(process.env.__NEXT_PRIVATE_ORIGIN).toBe("http://127.0.0.1:3000");
});

it.each([
  ["127.0.0.1", "http://127.0.0.1:3000"],
  ["0.0.0.0", "http://127.0.0.1:3000"],
  ["::", "http://127.0.0.1:3000"],
  ["fd00::7", "http://[fd00::7]:3000"],
  ["gate.internal", "http://gate.internal:3000"],
])("of a server that listens at %s Next asks at %s", (hostname, expected) => {
  expect(innerOrigin(hostname, 3000)).toBe(expected);
});
