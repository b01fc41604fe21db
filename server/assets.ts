import { readdir, readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { ASSETS_ADDRESS, type Handler } from "./http";

/** The kinds of files that Next builds for browsers. */
const TYPES: ReadonlyMap<string, string> = new Map([
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".woff2", "font/woff2"],
]);
const COMPRESSED_ALREADY = new Set([".woff2"]);
/** Eleven, Brotli's default, makes files 7 % smaller, and takes thirty times as long. */
const BROTLI_QUALITY = 6;

type Compress = (content: Buffer) => Promise<Buffer>;
/** The content codings (RFC 9110, 8.4.1), the best first. */
const CODINGS: ReadonlyMap<string, Compress> = new Map<string, Compress>([
  [
    "br",
    (content) =>
      promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  ],
  ["gzip", (content) => promisify(gzip)(content)],
]);

/** A file in memory, and its compressed forms, each from the first time that somebody asks for it. */
class Asset {
  readonly #type: string;
  readonly #content: Buffer;
  readonly #codings: readonly string[];
  readonly #compressed = new Map<string, Promise<Buffer>>();

  constructor(name: string, content: Buffer) {
    const extension = path.extname(name);
    this.#type = TYPES.get(extension) ?? "application/octet-stream";
    this.#content = content;
    this.#codings = COMPRESSED_ALREADY.has(extension) ? [] : [...CODINGS.keys()];
  }

  /** @param accepted the request's `Accept-Encoding` */
  async send(response: ServerResponse, accepted = ""): Promise<void> {
    // Browsers name a coding without a weight. Whoever gives one gets the file as it is, which everybody must accept.
    const names = new Set(accepted.split(",").map((name) => name.trim().toLowerCase()));
    const coding = this.#codings.find((name) => names.has(name));
    const content = coding === undefined ? this.#content : await this.#in(coding);
    response.writeHead(200, {
      "Content-Type": this.#type,
      "Content-Length": content.length,
      ...(coding !== undefined && { "Content-Encoding": coding }),
      Vary: "Accept-Encoding",
      // A file's name changes with its content.
      "Cache-Control": "public, max-age=31536000, immutable",
    });
    response.end(content);
  }

  #in(coding: string): Promise<Buffer> {
    const known = this.#compressed.get(coding);
    if (known !== undefined) return known;
    const compress = CODINGS.get(coding) as Compress;
    const compressed = compress(this.#content);
    this.#compressed.set(coding, compressed);
    // A failure is not kept: whoever asks next has the file compressed anew.
    compressed.catch(() => this.#compressed.delete(coding));
    return compressed;
  }
}

/**
 * Returns the path at which Next looks for a file: it takes out dot segments, and then undoes escapes. Otherwise whoever
 * spells a script's path differently would have Next read and compress it after all.
 */
function plainPath(url = ""): string {
  return decodeURIComponent(new URL(url, "http://localhost").pathname);
}

/**
 * Reads the scripts, styles and fonts that Next has built for browsers, and returns a handler that sends them from
 * memory. Next would read and compress a file anew for each request. docs/decisions/0002-own-http-front.md
 * @param folder where they are: `.next/static`
 * @param next handles every other request
 * @returns a handler of requests whose path is an ordinary one, as the front requires
 */
export async function serveAssets(folder: string, next: Handler): Promise<Handler> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && TYPES.has(path.extname(entry.name)));
  const assets = new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        const address = ASSETS_ADDRESS + path.relative(folder, file).split(path.sep).join("/");
        return [address, new Asset(name, await readFile(file))] as const;
      }),
    ),
  );
  return async (request, response) => {
    const isReading = request.method === "GET" || request.method === "HEAD";
    const asset = isReading ? assets.get(plainPath(request.url)) : undefined;
    return asset ? asset.send(response, request.headers["accept-encoding"]) : next(request, response);
  };
}
