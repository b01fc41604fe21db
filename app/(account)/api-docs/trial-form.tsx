"use client";

import { type SubmitEvent, useState } from "react";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import type { Access, Contract } from "@/lib/request/contract";
import { curlCommand } from "./curl-command";
import { useToken } from "./token-context";
import { addressOf, isJsonText, type Outcome, sendTrial, type Trial } from "./trial";
import { TrialOutcome } from "./trial-outcome";
import { TrialParameter, type TriedParameter } from "./trial-parameter";
import { TrialToken } from "./trial-token";

/** The parts of a call that are needed to try it. */
export type TriedCall = {
  id: string;
  method: Contract["method"];
  path: string;
  access: Access;
  /** Shown for confirmation before the call is sent. */
  warning: string | null;
  parameters: TriedParameter[];
  /** The initial body; null for a call without one. */
  body: string | null;
};

/** Makes the real call with the entered values and shows the outcome. */
export function TrialForm({ call }: { call: TriedCall }) {
  const { id, method, path, access, warning, parameters } = call;
  const { held } = useToken();
  const [body, setBody] = useState(call.body);
  const [asked, setAsked] = useState<Trial | null>(null);
  const [isSending, setSending] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  /** The last request as a shell command. */
  const [command, setCommand] = useState("");

  const takesRefreshToken = call.body?.includes('"refreshToken"') ?? false;

  async function send(trial: Trial) {
    setAsked(null);
    setOutcome(null);
    setSending(true);
    const url = new URL(addressOf(trial), window.location.origin).href;
    setCommand(curlCommand({ method, url, wantsToken: access !== "anyone", body: trial.body }));
    setOutcome(await sendTrial(trial));
    setSending(false);
  }

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSending) return;
    const entries = new FormData(event.currentTarget);
    const trial: Trial = {
      method,
      path,
      parameters: parameters.map(({ name, in: place }) => ({
        name,
        in: place,
        value: String(entries.get(name) ?? ""),
      })),
      body: body ?? undefined,
      token: access === "anyone" ? undefined : held?.token,
    };
    if (warning) setAsked(trial);
    else void send(trial);
  }

  return (
    <form
      method="post"
      onSubmit={submit}
      aria-label={`Try ${method} ${path}`}
      className="grid gap-4"
      autoComplete="off"
    >
      {parameters.length > 0 ? (
        <div className="grid gap-4 sm:grid-cols-2">
          {parameters.map((parameter) => (
            <TrialParameter key={parameter.name} id={`${id}-${parameter.name}`} parameter={parameter} />
          ))}
        </div>
      ) : null}
      {body === null ? null : (
        <Field
          id={`${id}-body`}
          label="Body"
          layout="stack"
          note={isJsonText(body) ? undefined : "This is not JSON. It is sent as typed."}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={Math.min(body.split("\n").length + 1, 16)}
              value={body}
              onChange={({ target }) => setBody(target.value)}
              onKeyDown={({ key, ctrlKey, metaKey, currentTarget }) => {
                if (key === "Enter" && (ctrlKey || metaKey)) currentTarget.form?.requestSubmit();
              }}
              aria-keyshortcuts="Control+Enter"
              autoCapitalize="none"
              spellCheck={false}
              className="figures"
            />
          )}
        </Field>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button type="submit" variant="primary" busy={isSending}>
          Send
        </Button>
        {takesRefreshToken && held?.refreshToken ? (
          <Button
            className="max-w-full"
            onClick={() => setBody(JSON.stringify({ refreshToken: held.refreshToken }, null, 2))}
          >
            <span className="whitespace-normal">Fill in the page’s refresh token</span>
          </Button>
        ) : null}
        <TrialToken access={access} />
      </div>
      <TrialOutcome call={`${method} ${path}`} outcome={outcome} command={command} isSending={isSending} />
      <AlertDialog
        open={asked !== null}
        onCancel={() => setAsked(null)}
        title={`Send ${method} ${asked ? addressOf(asked) : path}?`}
        description={warning}
        footer={
          <>
            <Button onClick={() => setAsked(null)}>Cancel</Button>
            <Button variant="danger" onClick={() => asked && send(asked)}>
              Send
            </Button>
          </>
        }
      />
    </form>
  );
}
