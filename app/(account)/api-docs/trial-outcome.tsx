"use client";

import { clsx } from "clsx";
import { CircleAlert, CircleCheck } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Fact, Facts } from "@/components/ui/facts";
import { CodeBlock } from "./code-block";
import { readToken } from "./held-token";
import { isSuccess, outcomeWords } from "./outcome-words";
import { useToken } from "./token-context";
import type { Outcome, TokenPair } from "./trial";

const MAX_SHOWN = 100_000;

type TrialOutcomeProps = {
  /** The tried call: `GET /api/auth/user`. */
  call: string;
  outcome: Outcome | null;
  /** The same call as a shell command. */
  command: string;
  isSending: boolean;
};

/**
 * The outcome of a trial call in one line, with the response below it. The response is rendered as text only, never as
 * HTML.
 */
export function TrialOutcome({ call, outcome, command, isSending }: TrialOutcomeProps) {
  const Icon = outcome && isSuccess(outcome) ? CircleCheck : CircleAlert;
  return (
    <>
      <div className={outcome || isSending ? "flex flex-wrap items-center justify-between gap-2" : "sr-only"}>
        <p aria-live="polite" className="font-medium">
          {isSending ? <span>Sending…</span> : null}
          {outcome ? (
            <span className="flex items-start gap-2">
              <Icon
                aria-hidden
                className={clsx(
                  "mt-[3px] size-4 shrink-0",
                  isSuccess(outcome) ? "text-accent" : "text-danger",
                )}
              />
              <span>{outcomeWords(outcome)}</span>
            </span>
          ) : null}
        </p>
        {outcome ? <CopyButton text={command} label="Copy as curl" isTextHidden /> : null}
      </div>
      {outcome?.kind === "answer" ? <Answered call={call} answer={outcome} /> : null}
    </>
  );
}

type AnsweredProps = { call: string; answer: Extract<Outcome, { kind: "answer" }> };

function Answered({ call, answer }: AnsweredProps) {
  const { headers, text, isJson, pair } = answer;
  const isCut = text.length > MAX_SHOWN;
  return (
    <>
      {headers.length > 0 ? (
        <Facts>
          {headers.map(([name, value]) => (
            <Fact key={name} term={name}>
              <span className="figures">{value}</span>
            </Fact>
          ))}
        </Facts>
      ) : null}
      {text === "" ? (
        <p className="text-muted">The body is empty.</p>
      ) : (
        <div className="grid gap-2">
          <CodeBlock
            label={`Response body of ${call}`}
            text={isCut ? `${text.slice(0, MAX_SHOWN)}…` : text}
          />
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p className="text-sm text-muted">
              {isJson ? null : <span>This is not JSON and is shown as received. </span>}
              {isCut ? <span>Only the beginning is shown; copying takes all of it.</span> : null}
            </p>
            <CopyButton text={text} label="Copy response" isTextHidden={isCut} />
          </div>
        </div>
      )}
      {pair ? <NewPair pair={pair} /> : null}
    </>
  );
}

/** Offers a token pair from a login or a refresh to the rest of the page. */
function NewPair({ pair: { token, refreshToken } }: { pair: TokenPair }) {
  const { held, hold } = useToken();
  const fresh = readToken(token, refreshToken);
  if (!fresh) return null;
  return (
    <div
      aria-live="polite"
      className="flex flex-wrap items-center justify-between gap-3 rounded bg-accent-wash px-4 py-3"
    >
      {held?.token === token ? (
        <p>This page now uses this token.</p>
      ) : (
        <>
          <p>This response contains a new token.</p>
          <Button size="sm" onClick={() => hold(fresh)}>
            Use it on this page
          </Button>
        </>
      )}
    </div>
  );
}
