import { clsx } from "clsx";
import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { FieldError } from "./field-error";
import { Label } from "./label";

/** The props that connect a control to its field: spread them over the control. */
export type FieldControl = {
  id: string;
  "aria-describedby": string;
  "aria-invalid": true | undefined;
};

type FieldProps = {
  /** The field's anchor, unique on the page: `#maxFailedLoginAttempts`. */
  id: string;
  label: string;
  /** One line: what it does to people, the range, the default. */
  help?: ReactNode;
  error?: string | null | undefined;
  /** A way out, under the error: a link. */
  remedy?: ReactNode;
  /** What the value means, under the control: "2 h 30 min", "never expires". */
  note?: ReactNode;
  /** Set where the value differs from the product's default: shows a dot and a button that resets it. */
  reset?: { to: string; onReset: () => void } | null;
  /** The value has been changed and not saved: shows a bar at the field's side. */
  isUnsaved?: boolean;
  /** "row": label and help left, control right (one column on a phone). "stack": one above the other. */
  layout?: "row" | "stack";
  children: (control: FieldControl) => ReactNode;
};

/** Returns the id of the control inside the field with this anchor, for links from an error summary. */
export const controlId = (id: string) => `${id}-control`;

/** A labelled control with its help text, error and anchor. */
export function Field(props: FieldProps) {
  const { id, label, help, error, remedy, note, reset, isUnsaved, layout = "row", children } = props;
  const ids = { marks: `${id}-marks`, help: `${id}-help`, note: `${id}-note`, error: `${id}-error` };
  const isRow = layout === "row";
  const marks = [reset && "Differs from the default.", isUnsaved && "Unsaved."].filter(Boolean).join(" ");

  return (
    <div
      id={id}
      className={clsx(
        "break-inside-avoid target:bg-accent-wash",
        isUnsaved && "shadow-[inset_3px_0_var(--color-accent)] forced-colors:border-l-4",
        isRow && "grid gap-x-8 gap-y-3 px-5 py-5 sm:px-6 md:grid-cols-[minmax(0,1fr)_minmax(0,17.5rem)]",
      )}
    >
      <div
        className={clsx(
          "flex flex-wrap content-start items-baseline gap-x-3",
          isRow ? "md:pt-1.5" : "mb-1.5",
        )}
      >
        {/* Together, so that the dot stays beside the label where the button makes their line taller. */}
        <span>
          {reset ? (
            <span className="absolute mt-2 -ml-3 size-1.5 rounded-full bg-accent forced-colors:bg-[CanvasText]" />
          ) : null}
          <Label htmlFor={controlId(id)}>{label}</Label>
        </span>
        {marks ? (
          <span id={ids.marks} className="sr-only">
            {marks}
          </span>
        ) : null}
        {reset ? (
          <button
            type="button"
            aria-label={`Reset to ${reset.to}: ${label}`}
            onClick={reset.onReset}
            className="inline-flex items-center gap-1 rounded text-sm text-accent underline-offset-2 hover:underline pointer-coarse:min-h-11"
          >
            <RotateCcw aria-hidden className="size-3" />
            Reset to {reset.to}
          </button>
        ) : null}
        {help ? (
          <p id={ids.help} className="mt-0.5 basis-full text-sm text-muted">
            {help}
          </p>
        ) : null}
      </div>
      <div className="min-w-0">
        {children({
          id: controlId(id),
          "aria-describedby": [marks && ids.marks, help && ids.help, note && ids.note, ids.error]
            .filter(Boolean)
            .join(" "),
          "aria-invalid": error ? true : undefined,
        })}
        {note ? (
          <p id={ids.note} className="mt-1.5 text-sm text-muted">
            {note}
          </p>
        ) : null}
        <FieldError id={ids.error} message={error} remedy={remedy} />
      </div>
    </div>
  );
}
