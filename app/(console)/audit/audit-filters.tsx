import { ListFilter } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Filter, FilterForm, SearchFilter } from "@/components/ui/filter";
import { Select } from "@/components/ui/select";
import type { AuditQuery } from "@/lib/audit/schema";
import { MAX_ADDRESS_LENGTH } from "@/lib/core/network-address/rules";
import { countFilters } from "./audit-address";
import { AuditDays } from "./audit-days";
import { kindGroups } from "./audit-kinds";

/**
 * The filters of the events. On a phone the form is collapsed, in browsers that can expand it again on a wide screen. It
 * is not printed, because the text below it names the active filters.
 */
export function AuditFilters({ query }: { query: AuditQuery }) {
  const set = countFilters(query);
  return (
    <search className="block print:hidden">
      <details className="group rounded border bg-surface md:supports-[selector(::details-content)]:details-content:[content-visibility:visible]">
        <summary className="flex min-h-11 list-none items-center gap-2 rounded px-4 font-medium hover:bg-hover md:supports-[selector(::details-content)]:hidden [&::-webkit-details-marker]:hidden">
          <ListFilter aria-hidden className="size-4 text-muted" />
          Filter
          {set > 0 ? <Badge tone="accent">{set} set</Badge> : null}
          <span className="icon icon-chevron ml-auto size-4 text-muted transition-transform group-open:rotate-180" />
        </summary>
        <FilterForm
          action="/audit"
          query={query}
          className="grid gap-4 border-t p-4 sm:grid-cols-2 md:grid-cols-[15.5rem_repeat(2,minmax(0,1fr))] md:items-end md:border-t-0"
        >
          <Filter id="audit-kind" label="What happened">
            <Select id="audit-kind" name="kind" defaultValue={query.kind ?? ""}>
              <option value="">Anything</option>
              {kindGroups.map(({ label, kinds }) => (
                <optgroup key={label} label={label}>
                  {Object.entries(kinds).map(([kind, name]) => (
                    <option key={kind} value={kind}>
                      {name}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          </Filter>
          <SearchFilter
            id="audit-person"
            label="Person"
            name="person"
            search={query.person}
            placeholder="Part of the address"
          />
          <SearchFilter
            id="audit-address"
            label="Network address"
            name="address"
            search={query.address}
            placeholder="All, or a start like 203."
            maxLength={MAX_ADDRESS_LENGTH}
          />
          <AuditDays query={query} />
          {query.since ? <input type="hidden" name="since" value={query.since} /> : null}
          {query.until ? <input type="hidden" name="until" value={query.until} /> : null}
          <Button type="submit" className="justify-self-start max-sm:w-full">
            Find
          </Button>
        </FilterForm>
      </details>
    </search>
  );
}
