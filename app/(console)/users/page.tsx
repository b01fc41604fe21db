import type { Metadata } from "next";
import { PageHeader } from "@/components/layout/page-header";
import { buttonStyles } from "@/components/ui/button";
import { PageLink } from "@/components/ui/page-link";
import { Pager } from "@/components/ui/pager";
import { requirePageAdministrator } from "@/lib/request/page";
import { usersQuerySchema } from "@/lib/users/schema";
import { listUsers } from "@/lib/users/service/list-users";
import { sortLabels } from "./user-words";
import { isFiltered, usersAddress } from "./users-address";
import { OnlyYou, UsersEmpty } from "./users-empty";
import { UsersFilters } from "./users-filters";
import { UsersTable } from "./users-table";

export const metadata: Metadata = { title: "Users" };

// No loading.tsx: a list sent with the document needs no script, and it arrives as fast as a skeleton would.
export default async function UsersPage({ searchParams }: PageProps<"/users">) {
  const actor = await requirePageAdministrator();
  const asked = usersQuerySchema.parse(await searchParams);
  const { users, nextCursor, sort } = await listUsers(actor, asked);
  const query = { ...asked, sort };
  const isAlone = !isFiltered(query) && users.length === 1 && users[0]?.id === actor.userId;
  return (
    <>
      <PageHeader
        title="Users"
        description="Who has an account, and whether they can log in."
        actions={
          <PageLink href="/users/new" className={buttonStyles({ variant: "primary" })}>
            Invite user
          </PageLink>
        }
      />
      <UsersFilters query={query} />
      {sort === asked.sort ? null : (
        <p className="mt-3 text-sm text-muted">
          With this many accounts, matches are shown {sortLabels[sort].toLowerCase()}.
        </p>
      )}
      <div className="mt-5">
        {users.length > 0 ? <UsersTable users={users} sort={sort} /> : <UsersEmpty query={query} />}
      </div>
      <Pager
        noun={["user", "users"]}
        shown={users.length}
        after={query.after}
        nextCursor={nextCursor}
        addressOf={(after) => usersAddress({ ...query, after })}
        isFiltered={isFiltered(query)}
        words={{ first: "First", next: "Next" }}
      />
      {isAlone ? <OnlyYou /> : null}
    </>
  );
}
