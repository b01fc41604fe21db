import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import { counted } from "@/lib/core/count/rules";
import type { KeySummary } from "@/lib/tokens/key-ring";

/** The parts of the current key that may be shown. The server computes `ageText`, because its clock dated the key. */
export type StoredKey = KeySummary & { ageText: string };

/** Fingerprint, size and age of the key in force. */
export function KeyFacts({ stored, isReplaced }: { stored: StoredKey; isReplaced: boolean }) {
  return (
    <Facts className="mt-3">
      <Fact term={isReplaced ? "Stored key" : "Fingerprint"}>
        <span className="figures">{stored.fingerprint}</span>
      </Fact>
      <Fact term="Size">{counted(stored.bits, "bit")}</Fact>
      <Fact term="Created">
        <Time iso={stored.createdAt.toISOString()} />
        <span className="block text-muted">{stored.ageText}</span>
      </Fact>
    </Facts>
  );
}
