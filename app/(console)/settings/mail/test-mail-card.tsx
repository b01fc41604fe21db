"use client";

import { type SubmitEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { failureWords, mayBeDone } from "@/components/form/failure-words";
import { type Unanswered, unanswered } from "@/components/form/unanswered";
import { useSafeRefresh } from "@/components/form/use-safe-refresh";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { controlId, Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { emailSchema } from "@/lib/core/email/schema";
import { sendTest } from "./actions";

const field = "test-recipient";

type Outcome = { tone: "done" | "danger"; title: string; text: string; answer?: string; step?: string };

type NotSent = Extract<Awaited<ReturnType<typeof sendTest>>, { code: "not-sent" }>;

/** The next step after each failure that points to something. */
const steps: Record<NonNullable<NotSent["fault"]>, string> = {
  connection: "Check the server, port and encryption above. The test uses them as saved.",
  login: "Check the user name and password above. The test uses them as saved.",
  relay:
    "The server passes this mail on only from those it knows. Check the server, user name and password above. The test uses them as saved.",
  sender: "Check the from address above. The test uses it as saved.",
  recipient: "Check the recipient’s address.",
  moment: "The server refuses it only for now. Try again in a few minutes.",
};

/** Sends a mail at once, and shows the mail server's answer. */
export function TestMailCard({ ownEmail, hasServer }: { ownEmail: string; hasServer: boolean }) {
  const refresh = useSafeRefresh();
  const [recipient, setRecipient] = useState(ownEmail);
  const [error, setError] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [hadServer, setHadServer] = useState(hasServer);
  // Once a server is saved, what was said before, such as that there is none, is no longer true.
  if (hadServer !== hasServer) {
    setHadServer(hasServer);
    if (hasServer) setOutcome(null);
  }
  const answerBox = useRef<HTMLDivElement>(null);

  // What was entered before hydration, by hand or by the browser on going back; the next render would overwrite it.
  useLayoutEffect(() => {
    const control = document.getElementById(controlId(field));
    if (control instanceof HTMLInputElement) setRecipient(control.value);
  }, []);

  // The card is the page's last: the answer appears below the edge of most screens.
  useEffect(() => {
    if (outcome) answerBox.current?.scrollIntoView({ block: "nearest" });
  }, [outcome]);

  async function send(event: SubmitEvent) {
    event.preventDefault();
    if (isSending) return;
    setOutcome(null);
    const checked = emailSchema.safeParse(recipient.trim());
    setError(checked.error?.issues[0]?.message ?? null);
    if (!checked.success) return document.getElementById(controlId(field))?.focus();
    setSending(true);
    const result = await sendTest({ recipient: checked.data }).catch(unanswered);
    setOutcome(outcomeOf(result));
    setSending(false);
    // The refreshed page disables the button, which has the focus.
    if (!result.ok && result.code === "no-server") document.getElementById(controlId(field))?.focus();
    // What is "above" must be what the test used: another administrator may have saved it since the page was loaded.
    if (result.ok || isAboutServer(result)) refresh();
  }

  return (
    <Card id="test">
      <form method="post" noValidate onSubmit={(event) => void send(event)}>
        <CardHeader
          id="test"
          title="Test mail"
          description="Sent at once with the saved settings, and tried only once."
        />
        <Field
          id={field}
          label="Recipient"
          help="Use a mailbox that you can read."
          error={error}
          note={hasServer ? null : "There is no mail server yet."}
        >
          {(control) => (
            <>
              <Input
                {...control}
                type="email"
                inputMode="email"
                autoComplete="email"
                autoCapitalize="none"
                spellCheck={false}
                value={recipient}
                onChange={(event) => {
                  setRecipient(event.target.value);
                  setError(null);
                }}
              />
              <Button type="submit" busy={isSending} disabled={!hasServer} className="mt-2">
                {isSending ? "Sending…" : "Send test mail"}
              </Button>
            </>
          )}
        </Field>
        <div ref={answerBox} aria-live="polite" className="scroll-mb-6">
          {isSending ? (
            <CardBody className="border-t text-muted">
              Waiting up to a minute for the mail server’s answer.
            </CardBody>
          ) : null}
          {outcome ? (
            <CardBody className="border-t">
              <Callout tone={outcome.tone} title={outcome.title}>
                <p>{outcome.text}</p>
                {outcome.answer ? (
                  <p className="figures mt-2 rounded bg-surface px-3 py-2 text-ink [overflow-wrap:anywhere]">
                    {outcome.answer}
                  </p>
                ) : null}
                {outcome.step ? <p className="mt-2">{outcome.step}</p> : null}
              </Callout>
            </CardBody>
          ) : null}
        </div>
      </form>
    </Card>
  );
}

const serverName = ({ server }: { server: { host: string; port: number } }) =>
  `${server.host} on port ${server.port}`;

type Result = Awaited<ReturnType<typeof sendTest>> | Unanswered;

/** Tells whether a failure is the mail server's or that of its settings. Others would lose the page by a refresh. */
const isAboutServer = ({ code }: Exclude<Result, { ok: true }>) =>
  code === "not-sent" || code === "no-server" || code === "password-unreadable";

function outcomeOf(result: Result): Outcome {
  const failed = (text: string, more: Pick<Outcome, "answer" | "step"> = {}): Outcome => ({
    tone: "danger",
    title: "The test mail was not sent",
    text,
    ...more,
  });
  if (result.ok) {
    return {
      tone: "done",
      title: `The mail server has accepted it for ${result.recipient}`,
      text: `Delivery is now up to ${serverName(result)} and the servers after it. It answered:`,
      answer: result.answer,
    };
  }
  switch (result.code) {
    case "not-sent":
      return failed(`The mail server, ${serverName(result)}, or the connection to it, reported:`, {
        answer: result.answer,
        ...(result.fault && { step: steps[result.fault] }),
      });
    case "no-server":
      return failed("There is no mail server. Enter one above and save it first.");
    case "password-unreadable":
      return failed(
        "The stored password cannot be decrypted: it was encrypted with another SECRET_KEY, or is damaged. Enter it again above.",
      );
    case "invalid":
      return failed(result.fieldErrors.recipient?.[0] ?? "The recipient was refused.");
    default: {
      const outcome = failed(`${failureWords(result).title}.`);
      return mayBeDone(result) ? { ...outcome, title: "The test mail may not have been sent" } : outcome;
    }
  }
}
