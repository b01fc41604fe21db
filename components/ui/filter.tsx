import type { ReactNode } from "react";
import { MAX_PERSON_SEARCH_LENGTH, matchesInsideWords } from "@/lib/core/person-search/rules";
import { Input } from "./input";
import { Label } from "./label";

type FilterFormProps = {
  action: string;
  /** What is filtered now; when it changes, the form shows it in place of what was typed. */
  query: unknown;
  className: string;
  children: ReactNode;
};

/** A plain GET form, so that the URL of a filtered list can be bookmarked and shared. */
export function FilterForm({ query, ...form }: FilterFormProps) {
  // `autoComplete`: the browser would restore what was entered on going back, but the URL alone decides what is filtered.
  return <form method="get" autoComplete="off" key={JSON.stringify(query)} {...form} />;
}

/** A labelled control of a list's filter. `id` is the control's. */
export function Filter({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <div className="min-w-0 max-xs:col-span-full">
      <Label htmlFor={id} className="mb-1 block text-sm">
        {label}
      </Label>
      {children}
    </div>
  );
}

type SearchFilterProps = {
  id: string;
  label: string;
  name: string;
  search: string | undefined;
  placeholder: string;
  maxLength?: number;
};

/** A filter by typed text. */
export function SearchFilter({ id, label, search, ...input }: SearchFilterProps) {
  return (
    <Filter id={id} label={label}>
      <Input
        id={id}
        type="search"
        defaultValue={search ?? ""}
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="search"
        {...input}
      />
    </Filter>
  );
}

/** Searches people by any part of their address or name; the input is named `search`. */
export function PersonFilter({ id, search }: { id: string; search: string | undefined }) {
  return (
    <SearchFilter
      id={id}
      label="Address or name"
      name="search"
      search={search}
      placeholder="Any part, three letters or more"
      maxLength={MAX_PERSON_SEARCH_LENGTH}
    />
  );
}

/** Says what to type in place of a search that found nobody. The sentence is not ended, so that more can be added. */
export function personSearchAdvice(search: string): string {
  return matchesInsideWords(search)
    ? "Try a shorter part of the address or name"
    : "One or two letters match only at the beginning of an address or name. Try more letters";
}
