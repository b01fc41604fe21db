import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { savedOnHost } from "@/components/form/saved-by";
import { PageHeader } from "@/components/layout/page-header";
import { Badge } from "@/components/ui/badge";
import { buttonStyles } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { isPageAdministrator, requirePageAdministrator } from "@/lib/request/page";
import { comparisonQuerySchema } from "@/lib/settings/history/schema";
import { compareRevisions } from "@/lib/settings/history/service";
import { historyAddress, restoreAddress } from "../../history-address";
import { versionTitle } from "../../revision-words";
import { Saver } from "../../saver";
import { ComparisonForm } from "./comparison-form";
import { ComparisonTable } from "./comparison-table";
import { EffectsOfBoth } from "./effects-of-both";
import { RestoreNotes } from "./restore-notes";

/** Read once per request, because the page and its title both need it. */
const readComparison = cache(async (panel: string, version: string, other: unknown) => {
  return compareRevisions(await requirePageAdministrator(), { panel, version }, { with: other });
});

/** The title names the version, so that several open tabs can be told apart. */
export async function generateMetadata({
  params,
  searchParams,
}: PageProps<"/settings/history/[panel]/[version]">): Promise<Metadata> {
  if (!(await isPageAdministrator())) return { title: "History" };
  const { panel, version } = await params;
  const comparison = await readComparison(panel, version, (await searchParams).with);
  return { title: comparison ? versionTitle(comparison.revision) : "No such version" };
}

// No loading.tsx here: once a loading state has been sent, the status can no longer be 404.
export default async function VersionPage({
  params,
  searchParams,
}: PageProps<"/settings/history/[panel]/[version]">) {
  const { panel, version } = await params;
  const asked = await searchParams;
  const comparison = await readComparison(panel, version, asked.with);
  if (!comparison) notFound();
  const { revision, inForce, restorable } = comparison;
  const query = comparisonQuerySchema.parse(asked);
  const { savedAt } = revision;
  const onHost = savedOnHost(revision);
  return (
    <>
      <PageHeader
        title={versionTitle(revision)}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {savedAt ? (
              <span>
                Saved <Time iso={savedAt.toISOString()} />
                {onHost === null ? (
                  <>
                    {" by "}
                    <Saver save={revision} />
                  </>
                ) : (
                  ` ${onHost}`
                )}
              </span>
            ) : (
              "What applies while nothing was ever saved."
            )}
            {revision.version === inForce.version ? <Badge tone="accent">In effect</Badge> : null}
          </span>
        }
        actions={
          <>
            <a href={historyAddress({ panel: revision.panel })} className={buttonStyles()}>
              All versions
            </a>
            {Object.keys(restorable).length > 0 ? (
              <a
                href={restoreAddress(revision)}
                aria-describedby="restoring"
                className={buttonStyles({ variant: "primary" })}
              >
                Restore these values
              </a>
            ) : null}
          </>
        }
      />
      <div className="grid gap-6">
        <RestoreNotes comparison={comparison} />
        <ComparisonForm comparison={comparison} query={query} />
        <ComparisonTable comparison={comparison} onlyDifferences={query.only !== undefined} />
        <EffectsOfBoth comparison={comparison} />
      </div>
    </>
  );
}
