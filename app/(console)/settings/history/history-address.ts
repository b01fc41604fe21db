import { listAddress } from "@/app/(console)/list-address";
import { revisionName } from "@/lib/settings/history/rules";
import type { HistoryQuery, Revision } from "@/lib/settings/history/schema";

type Named = Pick<Revision, "panel" | "version">;

/** Returns the URL of the versions that a query selects. */
export function historyAddress({ panel, after }: HistoryQuery): string {
  return listAddress("/settings/history", { panel, after });
}

/** Returns the URL of a version. */
export function versionAddress({ panel, version }: Named): string {
  return `/settings/history/${panel}/${version}`;
}

/** Returns the URL of the settings with a version's values entered in its panel's form. */
export function restoreAddress(revision: Named): string {
  return `${listAddress("/settings/security", { restore: revisionName(revision) })}#${revision.panel}`;
}
