import type { Metadata } from "next";
import { ListWithSkeleton } from "@/components/layout/list-with-skeleton";
import { PageHeader } from "@/components/layout/page-header";
import { buttonStyles } from "@/components/ui/button";
import { PageLink } from "@/components/ui/page-link";
import { type OutboxQuery, outboxQuerySchema } from "@/lib/mail/schema";
import { isWholeDocument, requirePageAdministrator } from "@/lib/request/page";
import { OutboxList } from "./outbox-list";
import { OutboxSkeleton } from "./outbox-skeleton";
import { stateLabels } from "./outbox-states";

/** Names the state: only a new title tells a screen reader that a link to another state has been followed. */
const titleOf = ({ state }: OutboxQuery) => (state ? `${stateLabels[state]} mail` : "Mail");

export async function generateMetadata({ searchParams }: PageProps<"/mail">): Promise<Metadata> {
  return { title: titleOf(outboxQuerySchema.parse(await searchParams)) };
}

export default async function OutboxPage({ searchParams }: PageProps<"/mail">) {
  const actor = await requirePageAdministrator();
  const query = outboxQuerySchema.parse(await searchParams);
  return (
    <>
      <PageHeader
        title={titleOf(query)}
        description="Every message that Gatehouse sends, and its state. Its content is not shown here, and is deleted once it is sent."
        actions={
          <PageLink href="/settings/mail" className={buttonStyles()}>
            Mail settings
          </PageLink>
        }
      />
      <ListWithSkeleton isWhole={await isWholeDocument()} skeleton={<OutboxSkeleton />}>
        <OutboxList actor={actor} query={query} />
      </ListWithSkeleton>
    </>
  );
}
