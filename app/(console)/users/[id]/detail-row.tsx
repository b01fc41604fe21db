import type { ReactNode } from "react";

type DetailRowProps = {
  term: string;
  /** What can be done about it. */
  actions?: ReactNode;
  /** Why it cannot be done, or what else to know. */
  note?: ReactNode;
  noteId?: string;
  children: ReactNode;
};

/** One fact of an account, with what can be done about it at its side; under one another where it is narrow. */
export function DetailRow({ term, actions, note, noteId, children }: DetailRowProps) {
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-3 px-5 py-4 sm:px-6">
      <dl className="grid min-w-0 flex-[1_1_20rem] gap-x-6 gap-y-0.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
        <dt className="text-muted">{term}</dt>
        <dd className="min-w-0 [overflow-wrap:anywhere]">
          {children}
          {note ? (
            <p id={noteId} className="mt-0.5 text-sm text-muted">
              {note}
            </p>
          ) : null}
        </dd>
      </dl>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}
