import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/layout/page-header";
import { buttonStyles } from "@/components/ui/button";
import { Pager } from "@/components/ui/pager";
import { outboxQuerySchema } from "@/lib/mail/schema";
import { readMailReadiness } from "@/lib/mail/service/mail-settings";
import { listOutbox } from "@/lib/mail/service/outbox";
import { requirePageAdministrator } from "@/lib/request/page";
import { NoMailServer } from "./no-mail-server";
import { outboxAddress } from "./outbox-address";
import { OutboxEmpty } from "./outbox-empty";
import { OutboxFilters } from "./outbox-filters";
import { outboxDescription, outboxTitle } from "./outbox-frame";
import { OutboxTable } from "./outbox-table";

export const metadata: Metadata = { title: outboxTitle };

type OutboxPageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function OutboxPage({ searchParams }: OutboxPageProps) {
  const actor = await requirePageAdministrator();
  const query = outboxQuerySchema.parse(await searchParams);
  const [{ entries, nextCursor }, { hasServer, waiting }] = await Promise.all([
    listOutbox(actor, query),
    readMailReadiness(actor),
  ]);
  return (
    <>
      <PageHeader
        title={outboxTitle}
        description={outboxDescription}
        actions={
          <Link href="/settings/mail" className={buttonStyles()}>
            Mail settings
          </Link>
        }
      />
      {hasServer ? null : (
        <div className="mb-5">
          <NoMailServer waiting={waiting} linksToSettings />
        </div>
      )}
      <OutboxFilters query={query} />
      {entries.length > 0 ? (
        <OutboxTable entries={entries} hasServer={hasServer} />
      ) : (
        <OutboxEmpty query={query} />
      )}
      <Pager
        noun={["mail", "mails"]}
        shown={entries.length}
        after={query.after}
        nextCursor={nextCursor}
        addressOf={(after) => outboxAddress({ ...query, after })}
      />
    </>
  );
}
