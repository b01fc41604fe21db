import { CircleAlert } from "lucide-react";
import { controlId } from "./field";

type ErrorSummaryProps = {
  /** One entry per refused field, in page order; `field` is the `Field`'s id. */
  errors: { field: string; message: string }[];
};

/**
 * All errors of a refused save, each linked to its field. Renders nothing when there are none. Only their number is
 * announced: the errors change with every keystroke of a correction, and each field announces its own.
 */
export function ErrorSummary({ errors }: ErrorSummaryProps) {
  if (errors.length === 0) return null;
  return (
    <div className="flex gap-3 border-b bg-danger-wash px-5 py-4 sm:px-6">
      <CircleAlert aria-hidden className="mt-[3px] size-4 shrink-0 text-danger" />
      <div>
        <p role="alert" className="font-medium">
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
