import { Button } from "@/components/ui/button";
import { Filter, PersonFilter } from "@/components/ui/filter";
import { Select } from "@/components/ui/select";
import { type SessionsQuery, sessionKinds } from "@/lib/sessions/live/schema";
import { kindLabels } from "./session-words";

/** The search form: a plain GET form, so that the URL of a list can be bookmarked and shared. */
export function SessionsFilters({ query }: { query: SessionsQuery }) {
  return (
    <search>
      <form
        method="get"
        action="/sessions"
        // Otherwise the browser restores typed text on going back; the URL alone decides what is filtered.
        autoComplete="off"
        key={JSON.stringify(query)}
        className="grid items-end gap-3 rounded border bg-surface p-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_auto]"
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
        <Button type="submit">Find</Button>
      </form>
    </search>
  );
}
