import { clsx } from "clsx";
import { Button } from "@/components/ui/button";
import { FilterForm, SearchFilter } from "@/components/ui/filter";
import { PageLink } from "@/components/ui/page-link";
import { type OutboxQuery, outboxStates } from "@/lib/mail/schema";
import { outboxAddress } from "./outbox-address";
import { stateLabels } from "./outbox-states";

/** Links that filter by state, and a form for the recipient. */
export function OutboxFilters({ query }: { query: OutboxQuery }) {
  const { state, recipient } = query;
  const choices = [undefined, ...outboxStates];
  return (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-3">
      <nav aria-label="Messages by state" className="flex flex-wrap rounded border bg-surface p-0.5">
        {choices.map((choice) => (
          <PageLink
            key={choice ?? "all"}
            href={outboxAddress({ state: choice, recipient })}
            aria-current={choice === state ? "page" : undefined}
            className={clsx(
              "flex min-h-8 items-center rounded px-3 text-sm transition-colors pointer-coarse:min-h-11",
              choice === state
                ? "bg-accent-wash font-medium text-accent forced-colors:underline"
                : "text-muted hover:bg-hover hover:text-ink",
            )}
          >
            {choice ? stateLabels[choice] : "All"}
          </PageLink>
        ))}
      </nav>
      <search className="min-w-0 max-sm:w-full">
        <FilterForm action="/mail" query={recipient} className="flex items-end gap-2 max-2xs:flex-wrap">
          {state ? <input type="hidden" name="state" value={state} /> : null}
          <div className="min-w-0 flex-1 sm:w-64 sm:flex-none">
            <SearchFilter
              id="mail-recipient"
              label="Recipient"
              name="recipient"
              search={recipient}
              placeholder="Part of the address"
            />
          </div>
          <Button type="submit">Find</Button>
        </FilterForm>
      </search>
    </div>
  );
}
