import { randomUUID } from "node:crypto";
import type { Answer, HttpClient } from "./http-client";

function unescapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { quot: '"', amp: "&", lt: "<", gt: ">", "#x27": "'" };
  return text.replace(/&(quot|amp|lt|gt|#x27);/g, (_, name: string) => named[name] ?? "");
}

/** Returns the names and values of the hidden fields, which tell Next the action. */
function hiddenFields(html: string): [string, string][] {
  return [...html.matchAll(/<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g)].map(
    ([, name = "", value = ""]) => [unescapeHtml(name), unescapeHtml(value)],
  );
}

function multipart(fields: readonly (readonly [string, string])[], boundary: string): Buffer {
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return Buffer.from(`${parts.join("")}--${boundary}--\r\n`);
}

/**
 * Reads the only form of a page, and returns a function that submits it as a browser without scripts does. `more`: further
 * headers.
 */
export async function pageForm(
  client: HttpClient,
  path: string,
): Promise<(filled: Readonly<Record<string, string>>, more?: Record<string, string>) => Promise<Answer>> {
  const fields = hiddenFields((await client.ask(path)).body.toString("utf8"));
  const boundary = `----${randomUUID()}`;
  const headers = {
    "content-type": `multipart/form-data; boundary=${boundary}`,
    origin: client.origin,
    "sec-fetch-site": "same-origin",
  };
  return (filled, more) => {
    const body = multipart([...fields, ...Object.entries(filled)], boundary);
    return client.ask(path, { method: "POST", headers: { ...headers, ...more }, body });
  };
}
