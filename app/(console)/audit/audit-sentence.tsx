import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { Time } from "@/components/ui/time";
import type { Part } from "./audit-parts";

/**
 * Addresses up to this length stay in one piece. A longer address fills lines of its own in any case, and the
 * punctuation after it stays on its last line.
 */
const LONGEST_PIECE = 40;

/** Returns the punctuation at the start of a part, which belongs on the line of the part before it. */
const closingOf = (part: Part | undefined) =>
  typeof part === "string" ? (/^[,;:.]+/.exec(part)?.[0] ?? "") : "";

/** A sentence with its people highlighted and its instants in the reader's time zone. */
export function AuditSentence({ parts }: { parts: Part[] }) {
  return parts.map((part, index) => {
    const before = parts[index - 1];
    const isAfterPerson = typeof before === "object" && "person" in before;
    if (typeof part === "string") return isAfterPerson ? part.slice(closingOf(part).length) : part;
    // The parts of a sentence are never reordered, so the index can serve as the key.
    const key = `part-${index}`;
    if ("instant" in part) return <Time key={key} iso={part.instant} />;
    return (
      // Keeps the address in one piece, on a line of its own if necessary. Not on narrow screens, where that would
      // leave too little text on the lines around it.
      <span
        key={key}
        className={part.person.length <= LONGEST_PIECE ? "xs:inline-block xs:max-w-full" : undefined}
      >
        <bdi className="font-medium">
          <EmailAddress address={escapeInvisible(part.person)} />
        </bdi>
        {closingOf(parts[index + 1])}
      </span>
    );
  });
}
