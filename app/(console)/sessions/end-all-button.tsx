"use client";

import { type SubmitEvent, useState } from "react";
import { toastUnanswered, useAccountChange } from "@/app/(console)/users/use-account-change";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ConfirmationField } from "@/components/ui/confirmation-field";
import { controlId } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { EVERYONE } from "@/lib/sessions/live/rules";
import type { AffectedCount } from "@/lib/sessions/live/schema";
import { askReach, endAll } from "./actions";
import { endAllText, endedText } from "./end-all-words";

const field = "end-all-word";

/** Ends everyone's sessions, after saying whom that affects and asking for the confirmation word. */
export function EndAllButton() {
  const { isBusy, ask, run } = useAccountChange();
  const [reach, setReach] = useState<{ others: AffectedCount; all: AffectedCount } | null>(null);
  const [includesOwn, setIncludesOwn] = useState(false);
  const [word, setWord] = useState("");
  /** The word was missing or wrong. */
  const [isRefused, setRefused] = useState(false);
  const isRight = word.trim().toLowerCase() === EVERYONE;
  const what = includesOwn ? "all sessions" : "all other sessions";

  async function open() {
    const answer = await ask(() => askReach({}), toastUnanswered);
    if (!answer) return;
    setIncludesOwn(false);
    setWord("");
    setRefused(false);
    if (answer.others.sessions > 0) setReach(answer);
    else toast("Nobody else is logged in.", { description: "To end your own session, log out." });
  }

  async function confirm(event: SubmitEvent) {
    event.preventDefault();
    if (isBusy) return;
    if (!isRight) {
      setRefused(true);
      document.getElementById(controlId(field))?.focus();
      return;
    }
    const end = () => endAll({ word: EVERYONE, includesOwn });
    const answer = await (includesOwn ? ask(end) : run(end));
    setReach(null);
    if (!answer) return;
    if (includesOwn) window.location.assign("/login?notice=session-ended");
    else toast(endedText(answer.sessions));
  }

  return (
    <>
      <Button busy={isBusy && reach === null} onClick={() => void open()}>
        End everyone’s sessions
      </Button>
      <AlertDialog
        open={reach !== null}
        onCancel={() => setReach(null)}
        title="End everyone’s sessions?"
        description={reach ? endAllText(includesOwn ? reach.all : reach.others, includesOwn) : ""}
        footer={
          <>
            <Button onClick={() => setReach(null)}>Cancel</Button>
            <Button variant="danger" type="submit" form="end-all" busy={isBusy}>
              {`End ${what}`}
            </Button>
          </>
        }
      >
        <form
          method="post"
          id="end-all"
          noValidate
          onSubmit={(event) => void confirm(event)}
          className="grid gap-5"
        >
          <label htmlFor="end-all-own" className="flex items-start gap-2.5">
            <Checkbox
              id="end-all-own"
              checked={includesOwn}
              onChange={(event) => setIncludesOwn(event.target.checked)}
            />
            <span>Also end the session I am using</span>
          </label>
          <ConfirmationField
            id={field}
            wanted={`“${EVERYONE}”`}
            error={isRefused && !isRight ? `Type “${EVERYONE}” to end ${what}.` : null}
            value={word}
            onChange={setWord}
          />
        </form>
      </AlertDialog>
    </>
  );
}
