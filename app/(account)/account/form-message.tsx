import { clsx } from "clsx";
import { CircleAlert, CircleCheck } from "lucide-react";

const styles = {
  done: { icon: CircleCheck, className: "text-accent" },
  danger: { icon: CircleAlert, className: "text-danger" },
} as const;

type FormMessageProps = {
  tone: keyof typeof styles;
  message: string | null;
  /** As for a `Callout`. */
  isWaiting: boolean;
  className?: string;
};

/**
 * The result of a submit, shown beside its button and announced politely. Always rendered, so that screen readers
 * notice the change.
 */
export function FormMessage({ tone, message, isWaiting, className }: FormMessageProps) {
  const { icon: Icon, className: colour } = styles[tone];
  return (
    <p aria-live="polite" className={clsx("min-w-0", className)}>
      {message ? (
        <span className={clsx("flex items-start gap-2", isWaiting && "invisible")}>
          <Icon aria-hidden className={clsx("mt-[3px] size-4 shrink-0", colour)} />
          <span>{message}</span>
        </span>
      ) : null}
    </p>
  );
}
