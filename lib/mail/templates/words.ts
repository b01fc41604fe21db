import { browserName } from "@/lib/core/browser-name";
import { durationWords, MINUTE_MS } from "@/lib/core/durations/rules";
import { HOST } from "@/lib/core/host/rules";

/** Formats the time between two instants, rounded to minutes and at least one: "30 minutes". */
export function spanWords(fromIso: string, toIso: string): string {
  const minutes = Math.max(1, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / MINUTE_MS));
  return durationWords(minutes * 60);
}

type Fact = { term: string; value: string };

/** Returns where something came from as facts for a mail: the network address, and the browser's short name. */
export function originFacts({ address, userAgent }: { address: string; userAgent: string }): Fact[] {
  const browser = browserName(userAgent);
  if (address === HOST) return [{ term: "From", value: "The server’s own command line" }];
  return [
    { term: "Network address", value: address === "unknown" ? "Not known" : address },
    { term: "Browser", value: browser || "Not known" },
  ];
}
