"use client";

import { CircleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { controlId } from "./field";

type ErrorSummaryProps = {
  /** One line per field that was refused, in the order of the page; `field` is the `Field`'s id. */
  errors: { field: string; message: string }[];
  /** Puts the focus on the summary when it appears, as after a refused save without a first field to go to. */
  takesFocus?: boolean;
};

/** All that a save was refused for, each line a link to its field. Shows nothing while there is nothing. */
export function ErrorSummary({ errors, takesFocus = false }: ErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  const isThere = errors.length > 0;
  useEffect(() => {
    if (isThere && takesFocus) box.current?.focus();
  }, [isThere, takesFocus]);

  if (!isThere) return null;
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="flex gap-3 border-b bg-danger-wash px-5 py-4 sm:px-6"
    >
      <CircleAlert aria-hidden className="mt-[3px] size-4 shrink-0 text-danger" />
      <div>
        <p className="font-medium">
          {errors.length === 1
            ? "Not saved: one field needs attention"
            : `Not saved: ${errors.length} fields need attention`}
        </p>
        <ul className="mt-1 space-y-1 text-sm">
          {errors.map(({ field, message }) => (
            <li key={field}>
              <a href={`#${controlId(field)}`} className="text-danger underline underline-offset-2">
                {message}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
