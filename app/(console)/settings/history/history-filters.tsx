import { Button } from "@/components/ui/button";
import { Filter, FilterForm } from "@/components/ui/filter";
import { Select } from "@/components/ui/select";
import type { HistoryQuery } from "@/lib/settings/history/schema";
import { panelLabels } from "@/lib/settings/labels";
import { panels } from "@/lib/settings/schema";

/** The filter of the versions. */
export function HistoryFilters({ query }: { query: HistoryQuery }) {
  return (
    <search>
      <FilterForm
        action="/settings/history"
        query={query}
        className="grid max-w-lg items-end gap-3 rounded border bg-surface p-4 xs:grid-cols-[minmax(0,1fr)_auto]"
      >
        <Filter id="history-panel" label="Panel">
          <Select id="history-panel" name="panel" defaultValue={query.panel ?? ""}>
            <option value="">All panels</option>
            {panels.map((panel) => (
              <option key={panel} value={panel}>
                {panelLabels[panel]}
              </option>
            ))}
          </Select>
        </Filter>
        <Button type="submit">Find</Button>
      </FilterForm>
    </search>
  );
}
