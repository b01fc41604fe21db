import { EmailAddress } from "@/components/ui/email-address";
import { literalText } from "@/components/ui/literal-text";
import { Time } from "@/components/ui/time";
import type { Part } from "./audit-parts";

/** A longer address fills lines of its own in any case. What follows it, be it a comma, then does so on its last line. */
const LONGEST_PIECE = 40;

/** The comma or the like that a part begins with: it belongs on the line of what stands before it. */
const closingOf = (part: Part | undefined) =>
  typeof part === "string" ? (/^[,;:.]+/.exec(part)?.[0] ?? "") : "";

/** A sentence with its people set off and its instants on the reader's own clock. */
export function AuditSentence({ parts }: { parts: Part[] }) {
  return parts.map((part, index) => {
    const before = parts[index - 1];
    const isAfterPerson = typeof before === "object" && "person" in before;
    if (typeof part === "string") return isAfterPerson ? part.slice(closingOf(part).length) : part;
    // A sentence is never reordered; its parts have no other name than their place.
    const key = `part-${index}`;
    if ("instant" in part) return <Time key={key} iso={part.instant} />;
    return (
      // In one piece, on a line of its own if need be; where lines are short, that would leave too little on them.
      <span
        key={key}
        className={part.person.length <= LONGEST_PIECE ? "xs:inline-block xs:max-w-full" : undefined}
      >
        <bdi className="font-medium">
          <EmailAddress address={literalText(part.person)} />
        </bdi>
        {closingOf(parts[index + 1])}
      </span>
    );
  });
}
