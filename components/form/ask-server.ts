/** How long to wait before a server that did not answer is asked again, in milliseconds. */
export const ASK_AGAIN_MS = 3_000;

/** A file that only servers of this page's build have. */
const OWN_BUILD = `/_next/static/${process.env.GATEHOUSE_BUILD_ID}/_buildManifest.js`;

/** What a proxy answers that keeps the health check from browsers. The file above alone must tell then. */
const HIDDEN = [401, 403, 404];

/** What a refresh would meet: a server of this page's build, one of another build, or no answer of Gatehouse. */
type Server = "ready" | "updated" | "away";

/** Asks the server which it is. Unless it is ready, Next would answer a refresh by loading the whole page again. */
export async function askServer(): Promise<Server> {
  try {
    const [health, build] = await Promise.all([
      fetch("/api/health"),
      // The query keeps a shared cache from answering for a server that no longer has the file.
      fetch(`${OWN_BUILD}?${Date.now()}`, { method: "HEAD" }),
    ]);
    // Read, because a proxy may answer 200 with a page of its own while Gatehouse is away.
    if (!HIDDEN.includes(health.status) && (await health.json()).status !== "up") return "away";
    if (build.ok) return "ready";
    return build.status === 404 ? "updated" : "away";
  } catch {
    return "away";
  }
}

/**
 * Loads a part of the page's scripts that is fetched later; null if it cannot be. A proxy's own page in its place would
 * keep it from ever being loaded, so the server is asked first.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part | null> {
  if ((await askServer()) === "away") return null;
  return load().catch(() => null);
}
