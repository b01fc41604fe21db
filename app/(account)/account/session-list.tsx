"use client";

import { Laptop, Smartphone, SquareTerminal } from "lucide-react";
import { useFormAction } from "@/components/form/use-form-action";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import type { SessionKind } from "@/prisma/generated/enums";
import type { SessionsState } from "./account-state";
import { endSessions } from "./actions";
import { FormMessage } from "./form-message";

/** A session, prepared for display. Instants are ISO 8601. */
export type ShownSession = {
  id: string;
  kind: SessionKind;
  device: string;
  address: string;
  startedAt: string;
  lastSeenAt: string;
  isCurrent: boolean;
};

const icons = { BROWSER: Laptop, REST: SquareTerminal, MOBILE: Smartphone } as const;

const start: SessionsState = { kind: "idle", message: null };

type SessionListProps = { personId: string; sessions: ShownSession[]; others: number };

/**
 * Lists where a person is logged in, and can end each session. It is one form: the pressed button tells which session.
 * @param props.personId whose sessions they are, for the case that somebody else has logged in at this browser by then
 * @param props.others the number of sessions besides the current one, including those on other pages
 */
export function SessionList({ personId, sessions, others }: SessionListProps) {
  const [state, action, isPending] = useFormAction<SessionsState>(endSessions, start, (message) => ({
    kind: "failed",
    message,
  }));
  const shown = sessions.filter(({ isCurrent }) => !isCurrent).length;
  return (
    <form action={action}>
      <input type="hidden" name="person" value={personId} />
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} isPending={isPending} />
        ))}
      </ul>
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-t px-5 py-4 sm:px-6">
        <FormMessage
          tone={state.kind === "failed" ? "danger" : "done"}
          message={state.message}
          isWaiting={isPending}
          className="mr-auto"
        />
        {others > 0 ? (
          <Button type="submit" name="session" value="others" busy={isPending}>
            {others > shown ? `End all ${others.toLocaleString("en-US")} others` : "End all others"}
          </Button>
        ) : (
          <p className="text-muted">You are not logged in anywhere else.</p>
        )}
      </div>
    </form>
  );
}

function SessionRow({ session, isPending }: { session: ShownSession; isPending: boolean }) {
  const { id, kind, device, address, startedAt, lastSeenAt, isCurrent } = session;
  const Icon = icons[kind];
  return (
    <li className="flex gap-4 max-xs:flex-col max-xs:gap-2 px-5 py-4 sm:px-6">
      <Icon aria-hidden strokeWidth={1.75} className="mt-0.5 size-5 shrink-0 text-faint max-sm:hidden" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-medium [overflow-wrap:anywhere]">{device}</span>
          {isCurrent ? <Badge tone="accent">This one</Badge> : null}
        </p>
        <p className="text-sm text-muted [overflow-wrap:anywhere]">
          From <bdi className="figures">{address}</bdi>
        </p>
        <p className="mt-1 flex flex-wrap gap-x-4 text-sm text-muted">
          <span>
            Started <Time iso={startedAt} />
          </span>
          <span>
            Last used <Time iso={lastSeenAt} />
          </span>
        </p>
      </div>
      {isCurrent ? null : (
        <Button
          type="submit"
          name="session"
          value={id}
          size="sm"
          busy={isPending}
          className="self-start xs:-mt-1.5"
          aria-label={`End session: ${device}, from ${address}`}
        >
          End session
        </Button>
      )}
    </li>
  );
}
