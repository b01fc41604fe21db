import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Filter, FilterForm } from "@/components/ui/filter";
import { Select } from "@/components/ui/select";
import type { ComparisonQuery } from "@/lib/settings/history/schema";
import type { Comparison } from "@/lib/settings/history/service";
import { versionAddress } from "../../history-address";
import { choiceText } from "../../revision-words";

const defaults = { version: 0, savedByEmail: "" };

type ComparisonFormProps = { comparison: Comparison; query: ComparisonQuery };

/** Chooses the version to compare with. */
export function ComparisonForm({ comparison, query }: ComparisonFormProps) {
  const { revision, other, inForce, offered } = comparison;
  const isMissing = query.with !== undefined && query.with !== other.version;
  // The one shown may be older than those offered.
  const isOffered = [defaults, ...offered].some(({ version }) => version === other.version);
  const choices = [...offered, ...(isOffered ? [] : [other]), defaults];
  return (
    <FilterForm
      action={versionAddress(revision)}
      query={[other.version, query.only]}
      className="grid max-w-3xl gap-x-4 gap-y-3 rounded border bg-surface p-4 sm:grid-cols-[minmax(0,1fr)_auto_auto] sm:items-end"
    >
      <Filter id="compare-with" label="Compare with">
        <Select
          id="compare-with"
          name="with"
          defaultValue={other.version}
          aria-describedby={isMissing ? "compare-missing" : undefined}
        >
          {choices
            .filter(({ version }) => version !== revision.version || version === other.version)
            .map((save) => (
              <option key={save.version} value={save.version}>
                {choiceText(save, inForce.version)}
              </option>
            ))}
        </Select>
      </Filter>
      <label htmlFor="compare-only" className="flex min-h-9 items-center gap-2 pointer-coarse:min-h-11">
        <Checkbox
          id="compare-only"
          name="only"
          value="differences"
          defaultChecked={query.only !== undefined}
        />
        Only differences
      </label>
      <Button type="submit">Compare</Button>
      {isMissing ? (
        <p id="compare-missing" className="col-span-full text-sm text-muted">
          There is no version {query.with?.toLocaleString("en-US")} of this panel.
        </p>
      ) : null}
    </FilterForm>
  );
}
