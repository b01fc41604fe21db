import type { Metadata } from "next";
import Link from "next/link";
import { ListWithSkeleton } from "@/components/layout/list-with-skeleton";
import { PageHeader } from "@/components/layout/page-header";
import { buttonStyles } from "@/components/ui/button";
import { outboxQuerySchema } from "@/lib/mail/schema";
import { isWholeDocument, requirePageAdministrator } from "@/lib/request/page";
import { OutboxList } from "./outbox-list";
import { OutboxSkeleton } from "./outbox-skeleton";

export const metadata: Metadata = { title: "Mail" };

type OutboxPageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function OutboxPage({ searchParams }: OutboxPageProps) {
  const actor = await requirePageAdministrator();
  const query = outboxQuerySchema.parse(await searchParams);
  return (
    <>
      <PageHeader
        title="Mail"
        description="Every message that Gatehouse sends, and its state. Its content is not shown here, and is deleted once it is sent."
        actions={
          <Link href="/settings/mail" className={buttonStyles()}>
            Mail settings
          </Link>
        }
      />
      <ListWithSkeleton isWhole={await isWholeDocument()} skeleton={<OutboxSkeleton />}>
        <OutboxList actor={actor} query={query} />
      </ListWithSkeleton>
    </>
  );
}
