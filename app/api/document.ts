import { areas } from "@/app/api/areas";
import { contracts } from "@/app/api/contracts";
import { conventions } from "@/app/api/conventions";
import { glossary } from "@/app/api/glossary";
import { openApiDocument } from "@/lib/request/openapi";
import { servedDocument } from "@/lib/request/served-document";

const description = [
  "Logins, tokens, accounts and security settings, for programs.",
  ...conventions.map(({ title, text, points = [] }) =>
    [`## ${title}`, text, points.map((point) => `- ${point}`).join("\n")].filter(Boolean).join("\n\n"),
  ),
].join("\n\n");

/** Caches the result of `make` for each origin. */
function once<T>(make: (origin: string) => T): (origin: string) => T {
  const made = new Map<string, T>();
  return (origin) => {
    const known = made.get(origin) ?? make(origin);
    made.set(origin, known);
    return known;
  };
}

/**
 * The OpenAPI 3.1 document of every call, for a server at the given origin, with the schemas inline, for people to
 * read.
 */
export const apiDocument = once((origin) =>
  openApiDocument(contracts, { origin, description, areas, glossary }),
);

/** The same document as it is served to programs. */
export const apiDocumentForPrograms = once((origin) => servedDocument(apiDocument(origin)));
