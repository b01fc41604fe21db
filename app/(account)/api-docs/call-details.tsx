"use client";

import { Fragment, useEffect, useRef, useState } from "react";
import { Badge } from "@/components/ui/badge";
import type { Access } from "@/lib/request/contract";
import type { ShownCall } from "./shown-call";
import { TrialForm } from "./trial-form";

const tones = { GET: "neutral", POST: "accent", DELETE: "danger" } as const;

const audiences: Record<Access, string> = {
  anyone: "Anyone",
  person: "With a token",
  administrator: "Administrators",
};

/** A path that wraps before a slash if necessary. */
function CallPath({ path }: { path: string }) {
  return path
    .split("/")
    .filter(Boolean)
    .map((step) => (
      <Fragment key={step}>
        <wbr aria-hidden />/{step}
      </Fragment>
    ));
}

/**
 * One call: a summary line that opens to the details. The anchor is inside, so that the browser opens the call when a
 * link to it is followed. The form is mounted when the call is first opened.
 */
export function CallDetails({ call: { tried, summary, description } }: { call: ShownCall }) {
  const { id, method, path, access } = tried;
  const details = useRef<HTMLDetailsElement>(null);
  const [wasOpened, setOpened] = useState(false);
  // The call may have been opened by its URL or by the reader before scripts loaded.
  useEffect(() => setOpened(details.current?.open === true), []);
  return (
    <details
      ref={details}
      className="group"
      onToggle={({ currentTarget }) => setOpened((was) => was || currentTarget.open)}
    >
      <summary className="flex list-none flex-wrap items-start gap-x-3 gap-y-1 sm:flex-nowrap px-5 py-3 hover:bg-hover focus-visible:outline-offset-[-2px] sm:px-6 [&::-webkit-details-marker]:hidden">
        <Badge tone={tones[method]} className="figures mt-px w-15 justify-center">
          {method}
        </Badge>
        <div className="min-w-0 flex-1 max-xs:order-1 max-xs:basis-full">
          <h3 className="figures text-base font-medium [overflow-wrap:anywhere]">
            <CallPath path={path} />
          </h3>
          <p className="text-sm text-muted">{summary}</p>
          <p className="text-sm text-faint sm:hidden">{audiences[access]}</p>
        </div>
        <span className="text-sm text-faint max-sm:hidden">{audiences[access]}</span>
        <span className="icon icon-chevron mt-[3px] ml-auto size-4 text-muted transition-transform group-open:rotate-180" />
      </summary>
      <div id={id} className="border-t border-line">
        <div className="grid gap-6 px-5 py-5 sm:px-6">{description}</div>
        <div className="border-t bg-canvas px-5 py-5 noscript:hidden sm:px-6">
          <h4 className="mb-3 font-semibold">Try it</h4>
          {wasOpened ? <TrialForm call={tried} /> : null}
        </div>
      </div>
    </details>
  );
}
