import { Button } from "@/components/ui/button";
import { Filter, PersonFilter } from "@/components/ui/filter";
import { Select } from "@/components/ui/select";
import { type SessionsQuery, sessionKinds } from "@/lib/sessions/live/schema";
import { kindLabels } from "./session-words";

/** Whose sessions to look for: an ordinary form, sent as an ordinary address, so that a list can be kept and passed on. */
export function SessionsFilters({ query }: { query: SessionsQuery }) {
  return (
    <search>
      <form
        method="get"
        action="/sessions"
        // The browser keeps what was typed when one goes back; the address decides what is filtered.
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
