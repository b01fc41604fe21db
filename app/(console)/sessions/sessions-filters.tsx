import { Button } from "@/components/ui/button";
import { Filter, FilterForm, PersonFilter } from "@/components/ui/filter";
import { Select } from "@/components/ui/select";
import { type SessionsQuery, sessionKinds } from "@/lib/sessions/live/schema";
import type { SessionKey } from "@/lib/sessions/live/service";
import { keyName, kindLabels } from "./session-words";

/** The filters of the sessions. They ask for a key only while there are several. */
export function SessionsFilters({ query, keys }: { query: SessionsQuery; keys: SessionKey[] }) {
  const hasKeys = keys.length > 1;
  return (
    <search>
      <FilterForm
        action="/sessions"
        query={query}
        className={`grid items-end gap-3 rounded border bg-surface p-4 ${hasKeys ? "sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1.2fr)_auto]" : "sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_auto]"}`}
      >
        <PersonFilter id="sessions-search" search={query.search} />
        <Filter id="sessions-kind" label="Kind">
          <Select id="sessions-kind" name="kind" defaultValue={query.kind ?? ""}>
            <option value="">Any kind</option>
            {sessionKinds.map((kind) => (
              <option key={kind} value={kind}>
                {kindLabels[kind]}
              </option>
            ))}
          </Select>
        </Filter>
        {hasKeys ? (
          <Filter id="sessions-key" label="Key">
            <Select id="sessions-key" name="key" defaultValue={query.key ?? ""}>
              <option value="">Any key</option>
              {keys.map((key) => (
                <option key={key.kid} value={key.kid}>
                  {keyName(key, keys)}
                </option>
              ))}
            </Select>
          </Filter>
        ) : null}
        <Button type="submit">Find</Button>
      </FilterForm>
    </search>
  );
}
