import { usersAddress } from "@/app/(console)/users/users-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { Time } from "@/components/ui/time";
import type { AuditQuery } from "@/lib/audit/schema";
import { quotedTexts } from "@/lib/core/text-search/rules";
import { countFilters, zoneOfDays } from "./audit-address";
import { kindLabels } from "./audit-kinds";
import { originWords } from "./audit-origin";
import { personWords } from "./audit-person";
import { dayText } from "./day-text";

const link = "text-accent underline-offset-2 hover:underline";

/** A day that stays on one line, like the times in the list. */
const Day = ({ day }: { day: string }) => <span className="2xs:whitespace-nowrap">{dayText(day)}</span>;

/**
 * Names the active filters, even while the filter form is collapsed, and offers to clear them. An empty list has its
 * own button for that. A person can be looked up among the accounts, where a name finds the address that is in the log.
 */
export function AuditFiltersSet({ query, isEmpty }: { query: AuditQuery; isEmpty: boolean }) {
  if (countFilters(query) === 0) return null;
  const { kind, person, address, from, to, since, until } = query;
  const origin = address === undefined ? null : originWords(address);
  const zone = zoneOfDays(query);
  return (
    <p className="mt-3 flex flex-wrap items-baseline gap-x-3 text-sm text-muted">
      <span className="[overflow-wrap:anywhere]">
        Only {kind ? <b className="font-medium text-ink">{kindLabels[kind]}</b> : "events"}
        {person ? (
          <>
            {" of "}
            <bdi className="font-medium text-ink">{escapeInvisible(personWords(person))}</bdi>
          </>
        ) : null}
        {origin ? (
          <>
            {` ${origin.words} `}
            <bdi className="font-medium text-ink">{escapeInvisible(origin.address)}</bdi>
          </>
        ) : null}
        {from ? (
          <>
            {" from "}
            <Day day={from} />
          </>
        ) : null}
        {to ? (
          <>
            {" to "}
            <Day day={to} />
          </>
        ) : null}
        {zone ? ` (${zone})` : ""}
        {since ? (
          <>
            {" since "}
            <Time iso={since} />
          </>
        ) : null}
        {until ? (
          <>
            {" until "}
            <Time iso={until} />
          </>
        ) : null}
      </span>
      {person ? (
        <a href={usersAddress({ search: quotedTexts(person)[0] ?? person })} className={link}>
          Find in Users
        </a>
      ) : null}
      {isEmpty ? null : (
        <a href="/audit" className={link}>
          Clear filters
        </a>
      )}
    </p>
  );
}
