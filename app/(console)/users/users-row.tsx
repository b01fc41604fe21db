import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { PageLink } from "@/components/ui/page-link";
import { recordCell } from "@/components/ui/record-table";
import { Time } from "@/components/ui/time";
import { fullName } from "@/lib/core/full-name";
import type { UserRow } from "@/lib/users/schema";
import { UserStateBadge } from "./user-state-badge";
import { authorityWords } from "./user-words";

const cell = recordCell["3xl"];
const line = `${cell} 2xs:col-span-2 @2xl:col-span-1 @2xl:col-start-3 text-sm leading-base`;

/**
 * One account: a table row; or stacked lines where there is no room for columns, in pairs where there is for two. The
 * whole row links to the account.
 */
export function UsersRow({ user }: { user: UserRow }) {
  const { id, email, authority, state, createdAt, lastLoginAt } = user;
  const name = escapeInvisible(fullName(user));
  return (
    <tr className="relative grid grid-cols-1 2xs:grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 gap-y-1 px-4 py-3.5 hover:bg-hover @2xl:grid-cols-[minmax(0,1fr)_6rem_12rem] @2xl:grid-rows-[auto_1fr] @3xl:table-row">
      <th scope="row" className={`${cell} font-normal @2xl:row-span-2`}>
        <PageLink
          href={`/users/${id}`}
          className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          <EmailAddress address={email} />
        </PageLink>
        {name ? <p className="text-sm text-muted [overflow-wrap:anywhere]">{name}</p> : null}
      </th>
      <td className={cell}>
        <UserStateBadge state={state} />
      </td>
      <td className={`${line} text-muted @3xl:text-ink`}>{authorityWords[authority].label}</td>
      <td className={`${line} [&_time]:whitespace-normal`}>
        <span className="text-muted @3xl:hidden">Last login </span>
        {lastLoginAt ? (
          <Time iso={lastLoginAt.toISOString()} />
        ) : (
          <span className="text-muted @max-3xl:lowercase">Never</span>
        )}
      </td>
      <td className={`${recordCell["4xl"]} text-sm leading-base [&_time]:whitespace-normal @max-4xl:hidden`}>
        <Time iso={createdAt.toISOString()} precision="day" />
      </td>
    </tr>
  );
}
