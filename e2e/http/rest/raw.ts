import { connect } from "node:net";
import type { Got } from "../client";

/**
 * Sends bytes as they are, and reads until the server closes the connection: for requests that no client library makes.
 * The request must make the server close it, by `Connection: close` or by being malformed.
 */
export function sendRaw(url: string, text: string): Promise<Got> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(parse(Buffer.concat(chunks).toString("utf8"))));
  });
}

function parse(text: string): Got {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [, name = "", value = ""] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      return [name.toLowerCase(), value] as const;
    }),
  );
  const body = text.slice(end + 4);
  return { status: Number(first.split(" ")[1]), headers, body: isChunked(headers) ? joined(body) : body };
}

const isChunked = (headers: Record<string, string>) => headers["transfer-encoding"] === "chunked";

/** Decodes a chunked body. Assumes that no chunk contains CRLF, which is true of our answers. */
function joined(body: string): string {
  return body
    .split("\r\n")
    .filter((_, index) => index % 2 === 1)
    .join("");
}
