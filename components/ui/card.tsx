import { clsx } from "clsx";
import type { ReactNode } from "react";

/** A section of the page with a title and an anchor; its title makes it a landmark region. */
export function Card({ id, children }: { id: string; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="rounded border bg-surface">
      {children}
    </section>
  );
}

type CardHeaderProps = { id: string; title: string; description?: ReactNode; actions?: ReactNode };

/** The card's title and a sentence about what it controls. `id` is the card's. */
export function CardHeader({ id, title, description, actions }: CardHeaderProps) {
  return (
    <header
      className={clsx(
        "flex flex-wrap justify-between gap-x-4 gap-y-2 border-b px-5 py-4 sm:px-6",
        description ? "items-start" : "items-center",
      )}
    >
      <div className="min-w-0 flex-[1_1_15rem]">
        <h2 id={`${id}-title`} className="text-lg font-semibold">
          {title}
        </h2>
        {description ? <p className="mt-0.5 text-sm text-muted">{description}</p> : null}
      </div>
      {actions ? <div className="flex gap-2 sm:ml-auto">{actions}</div> : null}
    </header>
  );
}

/** The card's fields, divided by hairlines. */
export function CardFields({ children }: { children: ReactNode }) {
  return <div className="divide-y divide-line">{children}</div>;
}

/** A subheading for the fields that follow, inside `CardFields`: "Response". */
export function CardSubheading({ id, children }: { id: string; children: ReactNode }) {
  return (
    <h3 id={id} className="bg-canvas px-5 py-2 text-sm font-semibold text-muted sm:px-6">
      {children}
    </h3>
  );
}

/** Free content with the card's standard padding. */
export function CardBody({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={clsx("px-5 py-5 sm:px-6", className)}>{children}</div>;
}

/** The bottom of a settings card: the sentence about the effect of its values, which follows every keystroke. */
export function CardEffect({ children }: { children: ReactNode }) {
  return (
    <p className="border-t px-5 py-4 text-base text-muted sm:px-6">
      <span className="mr-1 font-medium text-ink">Effect</span> <span>{children}</span>
    </p>
  );
}
