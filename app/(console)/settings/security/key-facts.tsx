import { ageText } from "@/components/ui/age-text";
import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import { counted } from "@/lib/core/count/rules";
import type { KeySummary } from "@/lib/tokens/key-ring";

type KeyFactsProps = {
  stored: KeySummary;
  /** The server's time when the page was read: its clock dated the key, too. */
  readAt: Date;
  isReplaced: boolean;
};

/** Fingerprint, size and age of the key in force. */
export function KeyFacts({ stored, readAt, isReplaced }: KeyFactsProps) {
  return (
    <Facts className="mt-3">
      <Fact term={isReplaced ? "Stored key" : "Fingerprint"}>
        <span className="figures">{stored.fingerprint}</span>
      </Fact>
      <Fact term="Size">{counted(stored.bits, "bit")}</Fact>
      <Fact term="Created">
        <Time iso={stored.createdAt.toISOString()} />
        <span className="block text-muted">{ageText(stored.createdAt, readAt)}</span>
      </Fact>
    </Facts>
  );
}
