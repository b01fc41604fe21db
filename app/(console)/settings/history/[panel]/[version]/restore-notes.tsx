import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import type { Comparison } from "@/lib/settings/history/service";
import { labelsText, versionText } from "../../revision-words";

/** What restoring a version does, or why there is nothing to restore, and what it leaves out. */
export function RestoreNotes({ comparison }: { comparison: Comparison }) {
  const { revision, inForce, restorable } = comparison;
  const { panel, version, damaged, keyFingerprint } = revision;
  // The header says so already.
  const isInForce = version === inForce.version;
  const isRestorable = Object.keys(restorable).length > 0;
  const isKeyReplaced = panel === "jwt" && version > 0 && keyFingerprint !== inForce.keyFingerprint;
  return (
    <div className="grid max-w-3xl gap-3 empty:hidden">
      {damaged.length > 0 ? (
        <Callout tone="warning" title="Stored values are damaged">
          {labelsText(panel, damaged)}: no longer readable. The default is shown here, and is not restored.
        </Callout>
      ) : null}
      {isRestorable ? (
        <p id="restoring" className="text-muted">
          Restoring enters these values on the settings page. Nothing is stored until you save them there.
        </p>
      ) : null}
      {isRestorable || isInForce ? null : <p className="text-muted">{sameValuesText(comparison)}</p>}
      {isKeyReplaced ? (
        <Callout title="The signing key has changed since">
          <span>
            A signing key is never restored. While an earlier key still verifies, it can sign again: see the
          </span>{" "}
          <TextLink href="/settings/security#key-ring">key ring</TextLink>.
        </Callout>
      ) : null}
    </div>
  );
}

/** Says why there is nothing to restore from a version that is not in force. */
function sameValuesText({ revision, inForce }: Comparison): string {
  if (revision.damaged.length > 0) return "The other values are in effect. There is nothing to restore.";
  return `These values are in effect, as ${versionText(inForce.version).toLowerCase()}. There is nothing to restore.`;
}
