import { Download } from "lucide-react";
import type { Metadata } from "next";
import { ListWithSkeleton } from "@/components/layout/list-with-skeleton";
import { PageHeader } from "@/components/layout/page-header";
import { buttonStyles } from "@/components/ui/button";
import { auditQuerySchema } from "@/lib/audit/schema";
import { isWholeDocument, requirePageAdministrator } from "@/lib/request/page";
import { auditExportAddress } from "./audit-address";
import { AuditFilters } from "./audit-filters";
import { AuditList } from "./audit-list";
import { AuditSkeleton } from "./audit-skeleton";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ searchParams }: PageProps<"/audit">) {
  const actor = await requirePageAdministrator();
  const query = auditQuerySchema.parse(await searchParams);
  return (
    <>
      <PageHeader
        title="Audit"
        description="What happened, who did it, and from where. Nothing here can be changed or removed."
        actions={
          // No `download`: if the session has ended, the browser goes to the login page instead of saving it as a file.
          <a
            href={auditExportAddress(query)}
            title="Every event that the filters select, as a table for a spreadsheet"
            className={buttonStyles()}
          >
            <Download aria-hidden />
            Download as CSV
          </a>
        }
      />
      <AuditFilters query={query} />
      <ListWithSkeleton isWhole={await isWholeDocument()} skeleton={<AuditSkeleton />}>
        <AuditList actor={actor} query={query} />
      </ListWithSkeleton>
    </>
  );
}
