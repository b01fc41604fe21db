import { areas } from "@/app/api/areas";
import { contracts } from "@/app/api/contracts";
import { glossary } from "@/app/api/glossary";
import { type ApiDocument, openApiDocument } from "@/lib/request/openapi";

const documents = new Map<string, ApiDocument>();

/** OpenAPI 3.1 of every call, for a server that is reached at an origin. Made once. */
export function apiDocument(origin: string): ApiDocument {
  const made = documents.get(origin);
  if (made) return made;
  const document = openApiDocument(contracts, { origin, areas, glossary });
  documents.set(origin, document);
  return document;
}
