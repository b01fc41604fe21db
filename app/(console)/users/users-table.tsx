import type { UserRow, UserSort } from "@/lib/users/schema";
import { sortLabels } from "./user-words";
import { UsersRow } from "./users-row";

const head = "border-b px-4 py-2 font-medium whitespace-nowrap";

/** The accounts of a page. It becomes a list where its frame is too narrow for columns. */
export function UsersTable({ users, sort }: { users: UserRow[]; sort: UserSort }) {
  return (
    <div className="@container overflow-hidden rounded border bg-surface">
      <table className="block w-full border-collapse text-left @3xl:table @3xl:table-fixed">
        <caption className="sr-only">Users, ordered by: {sortLabels[sort]}</caption>
        <thead className="sr-only bg-sunken text-sm text-muted @3xl:not-sr-only @3xl:table-header-group">
          <tr>
            <th scope="col" className={head}>
              Person
            </th>
            <th scope="col" className={`${head} w-28`}>
              State
            </th>
            <th scope="col" className={`${head} w-44`}>
              Authority
            </th>
            <th scope="col" className={`${head} w-44`}>
              Last login
            </th>
            <th scope="col" className={`${head} w-32 @max-3xl:hidden`}>
              Created
            </th>
          </tr>
        </thead>
        <tbody className="block divide-y divide-line @3xl:table-row-group">
          {users.map((user) => (
            <UsersRow key={user.id} user={user} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
