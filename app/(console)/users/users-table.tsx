import { RecordTable } from "@/components/ui/record-table";
import type { UserRow, UserSort } from "@/lib/users/schema";
import { sortLabels } from "./user-words";
import { UsersRow } from "./users-row";

const columns = [
  { name: "Person" },
  { name: "State", className: "w-28" },
  { name: "Authority", className: "w-44" },
  { name: "Last login", className: "w-44" },
  { name: "Created", className: "w-32 @max-4xl:hidden" },
];

/** The accounts of a page. */
export function UsersTable({ users, sort }: { users: UserRow[]; sort: UserSort }) {
  return (
    <RecordTable caption={`Users, ordered by: ${sortLabels[sort]}`} from="3xl" columns={columns}>
      {users.map((user) => (
        <UsersRow key={user.id} user={user} />
      ))}
    </RecordTable>
  );
}
