import { clsx } from "clsx";
import { Check, CircleDashed, X } from "lucide-react";
import type { Requirement } from "@/lib/password/rules";

/** The state of a requirement: not checked yet, met, or not met. */
type RequirementState = "open" | "met" | "unmet";

const styles = {
  open: { icon: CircleDashed, words: "", className: "text-muted [&>svg]:text-faint" },
  met: { icon: Check, words: "met: ", className: "text-ink [&>svg]:text-accent" },
  unmet: { icon: X, words: "not met: ", className: "text-ink [&>svg]:text-danger" },
} as const;

/**
 * Returns the ids of a list's items, for a control that they describe. The list itself would describe it only by its
 * name.
 */
export const requirementIds = (id: string, requirements: Requirement[]) =>
  requirements.map(({ code }) => `${id}-${code}`).join(" ");

type RequirementListProps = {
  id: string;
  requirements: Requirement[];
  stateOf: (code: Requirement["code"]) => RequirementState;
};

/** The policy's requirements for a password, each with its state. */
export function RequirementList({ id, requirements, stateOf }: RequirementListProps) {
  return (
    <ul aria-label="What the password must have" className="grid gap-1 text-sm">
      {requirements.map(({ code, text }) => {
        const { icon: Icon, words, className } = styles[stateOf(code)];
        return (
          <li key={code} id={`${id}-${code}`} className={clsx("flex items-start gap-2", className)}>
            <Icon aria-hidden strokeWidth={2.25} className="mt-[3px] size-3.5 shrink-0" />
            <span>
              <span className="sr-only">{words}</span>
              {text}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
