import { Button } from "@/components/ui/button";
import { Filter, FilterForm, PersonFilter } from "@/components/ui/filter";
import { Select } from "@/components/ui/select";
import { authorities, type UsersQuery, userSorts, userStateFilters } from "@/lib/users/schema";
import { authorityWords, sortLabels, stateFilterLabels } from "./user-words";

/** The filters of the accounts. */
export function UsersFilters({ query }: { query: UsersQuery }) {
  return (
    <search>
      <FilterForm
        action="/users"
        query={query}
        // The columns leave room for the longest option of each control, in the larger letters for a finger too.
        className="grid grid-cols-1 items-end gap-3 rounded border bg-surface p-4 min-[30rem]:grid-cols-[minmax(0,5fr)_minmax(0,4fr)] md:grid-cols-[13.25rem_repeat(2,minmax(0,1fr))_auto] xl:grid-cols-[minmax(0,1fr)_13.25rem_10.5rem_11rem_auto]"
      >
        <div className="col-span-full xl:col-span-1">
          <PersonFilter id="users-search" search={query.search} />
        </div>
        <Filter id="users-authority" label="Authority">
          <Select id="users-authority" name="authority" defaultValue={query.authority ?? ""}>
            <option value="">Any authority</option>
            {authorities.map((authority) => (
              <option key={authority} value={authority}>
                {authorityWords[authority].label}
              </option>
            ))}
          </Select>
        </Filter>
        <Filter id="users-state" label="State">
          <Select id="users-state" name="state" defaultValue={query.state ?? ""}>
            <option value="">Any state</option>
            {userStateFilters.map((state) => (
              <option key={state} value={state}>
                {stateFilterLabels[state]}
              </option>
            ))}
          </Select>
        </Filter>
        <Filter id="users-sort" label="Order">
          <Select id="users-sort" name="sort" defaultValue={query.sort}>
            {userSorts.map((sort) => (
              <option key={sort} value={sort}>
                {sortLabels[sort]}
              </option>
            ))}
          </Select>
        </Filter>
        <Button type="submit" className="max-[30rem]:col-span-full">
          Find
        </Button>
      </FilterForm>
    </search>
  );
}
