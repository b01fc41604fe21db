import { savedOnHost } from "@/components/form/saved-by";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { Revision } from "@/lib/settings/history/schema";
import { fieldLabels, panelLabels } from "@/lib/settings/labels";
import { describeGeneralPolicy, describeJwtSettings, describePasswordPolicy } from "@/lib/settings/rules";

type Save = { version: number; savedByEmail: string };

/** Names a version within its panel: "Version 7", or "Defaults" for version 0. */
export function versionText(version: number): string {
  return version === 0 ? "Defaults" : `Version ${version.toLocaleString("en-US")}`;
}

/** Names a version with its panel, as a title: "General policy, version 7". */
export function versionTitle({ panel, version }: Pick<Revision, "panel" | "version">): string {
  return `${panelLabels[panel]}, ${versionText(version).toLowerCase()}`;
}

/** Names one side of a comparison: "Version 9, in effect". */
export function sideText(version: number, inForceVersion: number): string {
  return version === inForceVersion ? `${versionText(version)}, in effect` : versionText(version);
}

/** Names a version in a list of versions to choose from: "Version 7, ada@example.org". */
export function choiceText(save: Save, inForceVersion: number): string {
  const { version, savedByEmail } = save;
  if (version === inForceVersion || version === 0) return sideText(version, inForceVersion);
  return `${versionText(version)}, ${savedOnHost(save) ?? escapeInvisible(savedByEmail)}`;
}

/** Names fields by their labels, for use within a sentence. */
export function labelsText(panel: Revision["panel"], fields: readonly string[]): string {
  const labels: Readonly<Record<string, string>> = fieldLabels[panel];
  return fields.map((field) => labels[field] ?? field).join(", ");
}

/** Describes what a version's values do, in the words of its panel. */
export function describeRevision(revision: Revision): string {
  switch (revision.panel) {
    case "general":
      return describeGeneralPolicy(revision.values);
    case "password":
      return describePasswordPolicy(revision.values);
    case "jwt":
      return describeJwtSettings(revision.values);
  }
}
