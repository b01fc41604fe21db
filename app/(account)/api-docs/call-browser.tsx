"use client";

import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { Card, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { CallDetails } from "./call-details";
import type { ShownArea, ShownCall } from "./shown-call";

const isFound = ({ tried: { method, path }, summary }: ShownCall, words: string[]) => {
  const text = `${method} ${path} ${summary}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

function countText(calls: number): string {
  if (calls === 0) return "No call matches. Try fewer words, or a shorter part of its path.";
  return calls === 1 ? "1 call" : `${calls} calls`;
}

/** Calls `reveal` when a link to an area is clicked that is hidden, before the browser scrolls there. */
function useRevealed(areas: ShownArea[], reveal: () => void) {
  useEffect(() => {
    function onClick({ target }: MouseEvent) {
      const link = target instanceof Element ? target.closest<HTMLAnchorElement>("a[href^='#']") : null;
      const area = areas.find(({ id }) => link?.hash === `#${id}`);
      if (area && document.getElementById(area.id)?.getClientRects().length === 0) flushSync(reveal);
    }
    document.addEventListener("click", onClick);
    return () => document.removeEventListener("click", onClick);
  });
}

/**
 * The calls by area, with a search. Calls that do not match are hidden and stay mounted, so that their forms and
 * results survive.
 */
export function CallBrowser({ areas }: { areas: ShownArea[] }) {
  const [search, setSearch] = useState("");
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = areas.flatMap(({ calls }) => calls).filter((call) => isFound(call, words));
  useRevealed(areas, () => setSearch(""));
  return (
    <>
      <search className="noscript:hidden">
        <Field id="find-call" label="Find a call" layout="stack">
          {(control) => (
            <Input
              {...control}
              type="search"
              value={search}
              onChange={({ target }) => setSearch(target.value)}
              placeholder="Part of its path or description"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
        <p aria-live="polite" className="text-sm text-muted not-empty:mt-1.5">
          {words.length === 0 ? null : countText(found.length)}
        </p>
      </search>
      {areas.map(({ id, name, description, calls }) => (
        <div key={id} hidden={!calls.some((call) => found.includes(call))}>
          <Card id={id}>
            <CardHeader id={id} title={name} description={description} />
            <ul className="divide-y divide-line">
              {calls.map((call) => (
                <li key={call.tried.id} hidden={!found.includes(call)}>
                  <CallDetails call={call} />
                </li>
              ))}
            </ul>
          </Card>
        </div>
      ))}
    </>
  );
}
