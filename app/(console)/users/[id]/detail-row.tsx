import type { ReactNode } from "react";

type DetailRowProps = {
  term: string;
  /** The actions for this fact. */
  actions?: ReactNode;
  /** Why an action is unavailable, or what else to know. */
  note?: ReactNode;
  noteId?: string;
  children: ReactNode;
};

/** One fact of an account, with its actions at the side, or below it on narrow screens. */
export function DetailRow({ term, actions, note, noteId, children }: DetailRowProps) {
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-3 px-5 py-4 sm:px-6">
      <dl className="grid min-w-0 flex-[1_1_20rem] gap-x-6 gap-y-0.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
        <dt className="text-muted">{term}</dt>
        <dd className="min-w-0 [overflow-wrap:anywhere]">
          <div>{children}</div>
          {note ? (
            <p id={noteId} className="mt-0.5 text-sm text-muted">
              {note}
            </p>
          ) : null}
        </dd>
      </dl>
      {actions ? (
        // Centred on the first line of the text, which is where it is in the rows without actions.
        <div className="flex flex-wrap gap-2 sm:-my-1.25 sm:pointer-coarse:-my-2.75">{actions}</div>
      ) : null}
    </div>
  );
}
