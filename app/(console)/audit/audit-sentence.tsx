import { clsx } from "clsx";
import { EmailAddress } from "@/components/ui/email-address";
import { Time } from "@/components/ui/time";
import type { Part } from "./audit-parts";
import { literalText } from "./literal-text";

/** A longer address fills lines of its own in any case. What follows it, be it a comma, then does so on its last line. */
const LONGEST_PIECE = 40;

/** A sentence with its people set off and its instants on the reader's own clock. */
export function AuditSentence({ parts }: { parts: Part[] }) {
  return parts.map((part, index) => {
    if (typeof part === "string") return part;
    // A sentence is never reordered; its parts have no other name than their place.
    const key = `part-${index}`;
    if ("instant" in part) return <Time key={key} iso={part.instant} />;
    return (
      // In one piece, on a line of its own if need be; where lines are short, that would leave too little on them.
      <bdi
        key={key}
        className={clsx(
          "font-medium",
          part.person.length <= LONGEST_PIECE && "xs:inline-block xs:max-w-full",
        )}
      >
        <EmailAddress address={literalText(part.person)} />
      </bdi>
    );
  });
}
