import { HOST } from "@/lib/core/host/rules";

type Save = { version: number; savedByEmail: string };

/** Says how a version was saved if not by a person, "at first start" or "on the host"; null if by a person. */
export function savedOnHost({ version, savedByEmail }: Save): string | null {
  if (savedByEmail !== HOST) return null;
  return version === 1 ? "at first start" : "on the host";
}

/** Names who saved the panel, to follow "Saved" and the time. */
export function savedByText(save: Save): string {
  return savedOnHost(save) ?? `by ${save.savedByEmail}`;
}

/** Names who saved the panel, as the subject of a sentence. */
export function saverName({ savedByEmail }: Pick<Save, "savedByEmail">): string {
  return savedByEmail === HOST ? "Somebody on the host" : savedByEmail;
}

/** Returns the notice after a save; `mergedWith` names the person who saved other fields in the meantime, if any. */
export function savedNotice(mergedWith: string | null): string {
  if (mergedWith === null) return "Saved. In effect now.";
  const theirs = mergedWith === HOST ? "changes made on the host" : `${mergedWith}’s changes`;
  return `Saved, together with ${theirs}. In effect now.`;
}
