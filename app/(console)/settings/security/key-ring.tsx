"use client";

import { useEffect, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CardSubheading } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field-error";
import { Time } from "@/components/ui/time";
import { withInvisibleNamed } from "@/lib/core/plain-text/rules";
import type { KeyRing as Ring } from "@/lib/jwt-security/service/read-key-ring";
import { type KeyState, keyState } from "@/lib/tokens/rules";
import type { RingKey } from "@/lib/tokens/store";
import { IssuerName } from "./issuer-name";
import { stateWords } from "./ring-words";
import type { RingChange, RingChangeKind } from "./use-ring-change";

const TICK_MS = 10_000;

/** Returns the server's time, ticking on from when the page was rendered, so that each key's state stays current. */
function useClock(readAt: Date): Date {
  const [now, setNow] = useState(readAt);
  useEffect(() => {
    const start = performance.now();
    const tick = () => setNow(new Date(readAt.getTime() + performance.now() - start));
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [readAt]);
  return now > readAt ? now : readAt;
}

type KeyRingProps = { ring: Ring; change: RingChange };

/** The keys: the one that signs, those that still verify their tokens, and those that retired last. */
export function KeyRing({ ring, change }: KeyRingProps) {
  const now = useClock(ring.readAt);
  return (
    <section aria-labelledby="key-ring" className="@container">
      <CardSubheading id="key-ring">Key ring</CardSubheading>
      <table className="block w-full border-collapse text-left text-sm @2xl:table @2xl:table-fixed">
        <caption className="sr-only">Signing keys, the current one first</caption>
        <thead className="sr-only text-muted @2xl:not-sr-only @2xl:table-header-group">
          <tr>
            <th scope="col" className="w-52 px-5 pt-3 font-medium sm:px-6">
              Key
            </th>
            <th scope="col" className="pt-3 font-medium">
              State
            </th>
            <th scope="col" className="w-60 pt-3 font-medium">
              Times
            </th>
          </tr>
        </thead>
        <tbody className="block divide-y divide-line @2xl:table-row-group">
          {ring.keys.map((key) => (
            <KeyRow key={key.kid} ringKey={key} now={now} change={change} />
          ))}
        </tbody>
      </table>
      <div className={change.failure ? "px-5 pb-4 sm:px-6" : undefined}>
        <FieldError id="key-ring-failure" message={change.failure} />
      </div>
    </section>
  );
}

const cell = "block @2xl:table-cell @2xl:py-3 @2xl:align-baseline";

function KeyRow({ ringKey, now, change }: { ringKey: RingKey; now: Date; change: RingChange }) {
  const { fingerprint, issuer, sessions } = ringKey;
  const state = keyState(ringKey, now);
  const { label, text } = stateWords(state, sessions, now);
  const act = (kind: RingChangeKind, words: string, ofKey: string) => (
    <Button size="sm" aria-haspopup="dialog" busy={change.isBusy} onClick={() => change.ask(kind, ringKey)}>
      {words}
      <span className="sr-only">{` ${ofKey} ${fingerprint}, issuer ${withInvisibleNamed(issuer)}`}</span>
    </Button>
  );
  return (
    <tr className="grid gap-2 px-5 py-3.5 sm:px-6 @2xl:table-row">
      <th scope="row" className={`${cell} font-normal @2xl:px-6`}>
        <span className="figures text-ink">{fingerprint}</span>
        <span className="block text-muted [overflow-wrap:anywhere]">
          Issuer <IssuerName name={issuer} />
        </span>
      </th>
      <td className={`${cell} @2xl:pr-4`}>
        <Badge tone={state.state === "current" ? "accent" : "neutral"}>{label}</Badge>
        <p className="mt-1 text-muted">{text}</p>
        {state.state === "verifying" ? (
          <div className="mt-2 flex flex-wrap gap-2">
            {act("roll-back", "Roll back", "to key")}
            {act("retire", "Retire", "key")}
          </div>
        ) : null}
      </td>
      <td className={`${cell} @2xl:pr-6`}>
        <KeyTimes ringKey={ringKey} state={state} />
      </td>
    </tr>
  );
}

function KeyTimes({ ringKey, state }: { ringKey: RingKey; state: KeyState }) {
  const times: [term: string, at: Date | null][] = [
    ["Created", ringKey.createdAt],
    ["Activated", ringKey.activatedAt],
    [state.state === "retired" ? "Retired" : "Retires", ringKey.verifyUntil],
  ];
  return (
    <dl className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-y-0.5">
      {times.map(([term, at]) =>
        at ? (
          <div key={term} className="contents">
            <dt className="text-muted">{term}</dt>
            <dd>
              <Time iso={at.toISOString()} />
            </dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
