import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

type FieldErrorProps = {
  id: string;
  message: string | null | undefined;
  /** A way out: a link. */
  remedy?: ReactNode;
};

/** The place for a field's error, announced politely. Always rendered, so that screen readers notice the change. */
export function FieldError({ id, message, remedy }: FieldErrorProps) {
  return (
    <div id={id} aria-live="polite">
      {message ? (
        <p className="mt-1.5 flex animate-appear gap-1.5 text-sm text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            <span>{message}</span>
            {remedy ? <span className="mt-0.5 block">{remedy}</span> : null}
          </span>
        </p>
      ) : null}
    </div>
  );
}
